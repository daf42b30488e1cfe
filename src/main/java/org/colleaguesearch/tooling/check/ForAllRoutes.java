package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;

/** What a file says for all of its routes stands before the first of them: Camel takes no file where it does not. */
final class ForAllRoutes implements Rule {
    private static final Set<String> KINDS =
            Set.of("onException", "onCompletion", "intercept", "interceptFrom", "interceptSendToEndpoint");

    private static final Set<String> ROUTES = Set.of(Declaration.ROUTE, Declaration.FROM);

    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<Path> begun = new HashSet<>();
        return routes.declarations().stream().flatMap(declaration -> {
            String kind = declaration.kind().text();
            Path file = declaration.place().file();
            if (ROUTES.contains(kind)) {
                begun.add(file);
            }
            return KINDS.contains(kind) && begun.contains(file)
                    ? Stream.of(declaration
                            .place()
                            .problem("'" + kind
                                    + "' is for the routes below it: move it before the first route of the file"))
                    : Stream.of();
        });
    }
}
