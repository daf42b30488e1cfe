package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.SourceText;
import org.colleaguesearch.tooling.yaml.Unreadable;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each jq program, also in files relative to the folder, compiles and uses only known names. */
record JqPrograms(Path folder) implements Rule {
    private static final String FILE = "resource:file:";

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .filter(field -> field.isNamed("jq") && !field.isOption())
                .flatMap(field ->
                        Yaml.expression(field.value()).flatMap(text -> routes.problems(field.in(), text, this::wrong)));
    }

    private Stream<Problem> wrong(Yaml.Text text) {
        if (text.text().startsWith(FILE)) {
            return wrongFile(text);
        }
        boolean isOpen = text.text().startsWith("resource:") || text.text().matches("(?s).*\\{\\{[^}]*}}.*");
        return isOpen
                ? Stream.of()
                : JqSyntax.wrong(text.text()).stream()
                        .map(wrong -> text.at(wrong.line(), wrong.column()).problem("invalid jq: " + wrong.text()));
    }

    private Stream<Problem> wrongFile(Yaml.Text text) {
        Path name = NamedFiles.name(text.text().substring(FILE.length()));
        try {
            return JqSyntax.wrong(SourceText.read(new NamedFiles(folder).path(name), name)).stream()
                    .map(wrong -> new Problem(name, wrong.line(), wrong.column(), "invalid jq: " + wrong.text()));
        } catch (Unreadable e) {
            return Stream.of(text.place().problem(name + ": " + e.problem().text()));
        }
    }
}
