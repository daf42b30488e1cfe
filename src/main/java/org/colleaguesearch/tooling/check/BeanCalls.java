package org.colleaguesearch.tooling.check;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.bean.BeanInfo;
import org.apache.camel.component.bean.MethodInvocation;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.util.StringQuoteHelper;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each call of an application bean names an existing method. Camel looks some methods up only at run time. */
final class BeanCalls implements Rule {
    private static final Set<String> STEPS = Set.of("bean", "method");

    /** In a simple expression: the name, and optionally the method. */
    private static final Pattern IN_TEXT =
            Pattern.compile("\\$\\{bean:(?!type:)(\\w+)(?:(?:\\?method=|\\.|::)(\\w+(?:\\([^}]*\\))?))?");

    private final CamelContext camel = new DefaultCamelContext();
    private final Beans beans = Beans.ofApplication();

    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<String> declared = routes.beans();
        return Stream.of(steps(routes), endpoints(routes), inTexts(routes))
                .flatMap(Function.identity())
                .filter(call -> beans.types().containsKey(call.bean()) && !declared.contains(call.bean()))
                .flatMap(this::wrong);
    }

    /** A call, and the text that names the method, or the step if none does. */
    private record Call(String bean, String method, Yaml.Text at) {
        boolean isOpen() {
            return bean.contains("{{") || (method != null && method.startsWith("{{"));
        }
    }

    private static Stream<Call> steps(Routes routes) {
        return routes.fields()
                .filter(field -> STEPS.contains(field.key().text()) && !field.isOption())
                .filter(field -> field.value() instanceof Yaml.Keys)
                .flatMap(field -> {
                    Yaml.Keys call = (Yaml.Keys) field.value();
                    Yaml.Text method = call.text("method").orElse(null);
                    return call.text("ref").stream()
                            .flatMap(ref -> routes.filled(field.in(), ref))
                            .map(ref -> method == null
                                    ? new Call(ref.text(), null, field.key())
                                    : new Call(ref.text(), method.text(), method));
                });
    }

    private static Stream<Call> endpoints(Routes routes) {
        return EndpointUri.in(routes)
                .flatMap(endpoint -> routes.filled(endpoint.field().in(), endpoint.text())
                        .filter(uri -> uri.text().matches("(?s)bean(:.*)?"))
                        .flatMap(uri -> EndpointOption.value(endpoint.field(), uri, "method")
                                .map(method -> new Call(bean(endpoint, uri), method.text(), method))
                                .stream()));
    }

    private static String bean(EndpointUri endpoint, Yaml.Text uri) {
        String path = uri.text().replaceFirst("^bean:?(//)?", "").replaceFirst("(?s)\\?.*", "");
        return path.isEmpty()
                ? EndpointOption.value(endpoint.field(), uri, "beanName")
                        .map(Yaml.Text::text)
                        .orElse("")
                : path;
    }

    private static Stream<Call> inTexts(Routes routes) {
        return routes.fields()
                .filter(field -> field.value() instanceof Yaml.Text)
                .flatMap(field -> routes.filled(field.in(), (Yaml.Text) field.value()))
                .flatMap(text -> IN_TEXT.matcher(text.text())
                        .results()
                        .filter(match -> match.group(2) != null)
                        .map(match -> new Call(match.group(1), match.group(2), text)));
    }

    private Stream<Problem> wrong(Call call) {
        return call.isOpen() ? Stream.of() : text(call).map(call.at().place()::problem).stream();
    }

    private Optional<String> text(Call call) {
        Set<String> methods = beans.methods(call.bean());
        if (call.method() == null) {
            return methods.size() < 2
                    ? Optional.empty()
                    : Optional.of("'" + call.at().text() + "' has no method, and the bean " + call.bean()
                            + " has several: add one of " + String.join(", ", methods));
        }
        try {
            MethodInvocation chosen = new BeanInfo(camel, beans.types().get(call.bean()))
                    .createInvocation(null, new DefaultExchange(camel), call.method());
            return chosen == null ? Optional.empty() : wrongArguments(call, chosen);
        } catch (MethodNotFoundException e) {
            String name = call.method().replaceFirst("\\(.*", "");
            return Optional.of(
                    "unknown method '" + name + "' of the bean " + call.bean() + Nearest.remedy(name, methods));
        } catch (IllegalArgumentException e) {
            return Optional.of("unbalanced parentheses or quotes in the call of " + call.bean() + ": write "
                    + call.method().replaceFirst("[()].*", "") + "(${body}, 'text')");
        } catch (RuntimeException e) {
            // The choice between overloaded methods depends on the message.
            return Optional.empty();
        }
    }

    private static Optional<String> wrongArguments(Call call, MethodInvocation chosen) {
        int open = call.method().indexOf('(');
        if (open < 0 || chosen.getMethod().isVarArgs()) {
            return Optional.empty();
        }
        String arguments =
                call.method().substring(open + 1, call.method().length() - 1).replaceAll("\\$\\{[^}]*}", "x");
        int given = arguments.isBlank() ? 0 : StringQuoteHelper.splitSafeQuote(arguments, ',').length;
        int expected = chosen.getMethod().getParameterCount();
        return given == expected
                ? Optional.empty()
                : Optional.of(call.bean() + "." + call.method().substring(0, open) + " takes " + expected
                        + (expected == 1 ? " argument" : " arguments") + ", not " + given);
    }
}
