package org.colleaguesearch.tooling.check;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.InvalidParameter;
import org.colleaguesearch.indexing.PersonTemplate;
import org.colleaguesearch.indexing.SectionSource;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.tooling.yaml.Yaml;

/** The parameters of an indexer are valid: a known API, a URL of it for each person, column names, true or false. */
record IndexerParameters(KnownSettings settings) implements Rule {
    private static final String DEMO = "http://127.0.0.1";
    private static final Pattern VARIABLE = Pattern.compile("\\{(?!\\{)([^{}]*)}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(?:(?!\\{\\{|}}).)*}}", Pattern.DOTALL);

    @Override
    public Stream<Problem> problems(Routes routes) {
        return IndexerRules.indexers(routes)
                .flatMap(made -> problems(made.value().items("parameters")));
    }

    private Stream<Problem> problems(List<Yaml.Keys> parameters) {
        String api = parameters.stream()
                .filter(parameter -> name(parameter).equals("api"))
                .flatMap(parameter -> parameter.text("value").stream())
                .map(value -> settings.filled(value.text()))
                .findFirst()
                .orElse(Settings.DEFAULT_API);
        Stream<Problem> each = parameters.stream()
                .flatMap(parameter -> parameter.text("value").stream()
                        .flatMap(
                                value -> wrong(name(parameter), settings.filled(value.text()), api)
                                        .map(value.place()::problem)
                                        .stream()));
        return Stream.concat(each, together(parameters));
    }

    private Stream<Problem> together(List<Yaml.Keys> parameters) {
        Map<String, Yaml.Text> values = new LinkedHashMap<>();
        parameters.forEach(parameter -> parameter.text("value").ifPresent(value -> values.put(name(parameter), value)));
        Map<String, String> texts = new HashMap<>();
        values.forEach((name, value) -> texts.put(name, settings.filled(value.text())));
        return Stream.concat(source(values, texts), perPerson(values, texts));
    }

    private static Stream<Problem> source(Map<String, Yaml.Text> values, Map<String, String> texts) {
        try {
            SectionSource.of(texts);
            return Stream.of();
        } catch (InvalidParameter e) {
            return Stream.ofNullable(values.get(e.parameter()))
                    .map(value -> value.place().problem(e.getMessage()));
        }
    }

    /** JSON has other braces, too. */
    private static Stream<String> variables(String name, String text) {
        return name.equals("url")
                ? VARIABLE.matcher(text).results().map(match -> match.group(1))
                : new PersonTemplate(text).variables().stream();
    }

    /** A person's own URL or body. */
    private Stream<Problem> perPerson(Map<String, Yaml.Text> values, Map<String, String> texts) {
        boolean isFeed = !texts.getOrDefault("each", "").isEmpty();
        Set<String> known = new HashSet<>(settings.personValues());
        if (isFeed) {
            known.add("since");
        }
        Stream<Problem> unknown = Stream.of("url", "body", "variables")
                .filter(values::containsKey)
                .flatMap(name -> variables(name, texts.get(name))
                        .filter(variable -> !known.contains(variable))
                        .limit(1)
                        .map(variable -> values.get(name)
                                .place()
                                .problem("unknown variable {" + variable + "} in the " + name
                                        + Nearest.remedy(variable, known))));
        boolean isSame = Stream.of("url", "body", "variables")
                .allMatch(name -> variables(name, texts.getOrDefault(name, ""))
                        .allMatch(variable -> isFeed && name.equals("url") && variable.equals("since")));
        if (isFeed && !isSame) {
            return Stream.of(values.get("url")
                    .place()
                    .problem("a bulk feed has one URL and body for all people: remove their variables"));
        }
        String field = texts.getOrDefault("personField", "");
        if (!field.isEmpty() && !settings.personValues().contains(field)) {
            return Stream.of(values.get("personField")
                    .place()
                    .problem("unknown value '" + field + "' of a person"
                            + Nearest.remedy(field, settings.personValues())));
        }
        Stream<Problem> same = isSame && !isFeed && values.containsKey("url")
                ? Stream.of(values.get("url")
                        .place()
                        .problem("the url is the same for every person: add {id} or another value, as in"
                                + " /people/{id}/patents"))
                : Stream.of();
        return Stream.concat(unknown, same);
    }

    private static String name(Yaml.Keys parameter) {
        return parameter.text("name").map(Yaml.Text::text).orElse("");
    }

    private Optional<String> wrong(String name, String value, String api) {
        if (isOpen(value)) {
            return Optional.of(
                    "'{{' has no matching '}}': add it; in a jq string, write \\u007b for one of the braces");
        }
        return Optional.ofNullable(
                switch (name) {
                    case "api" -> wrongApi(value);
                    case "url" -> wrongUrl(value, api);
                    case "columns" -> wrongColumns(value);
                    case "stopOnFirstError" ->
                        value.matches("true|false")
                                ? null
                                : "stopOnFirstError: expected true or false, not '" + value + "'";
                    default -> null;
                });
    }

    /** Whether a placeholder is not closed. Camel takes quoted braces without a key as text. */
    private static boolean isOpen(String value) {
        String rest = value.replaceAll("(['\"])\\{\\{\\1", "");
        while (PLACEHOLDER.matcher(rest).find()) {
            rest = PLACEHOLDER.matcher(rest).replaceAll("");
        }
        return rest.contains("{{");
    }

    private String wrongApi(String api) {
        Set<String> known = settings.apis();
        return known.contains(api)
                ? null
                : "unknown API '" + api + "' (colleagues.apis." + api + ".base-url is not set)"
                        + Nearest.remedy(api, known);
    }

    private String wrongUrl(String url, String api) {
        if (url.contains("'")) {
            return "the url contains ': write %27";
        }
        try {
            new ApiUrls(api, base(api)).resolve(VARIABLE.matcher(url).replaceAll("1"));
            return null;
        } catch (IllegalArgumentException e) {
            return "invalid url: " + why(e, api);
        }
    }

    private String why(IllegalArgumentException e, String api) {
        if (e.getCause() instanceof URISyntaxException syntax && syntax.getIndex() >= 0) {
            return "'" + syntax.getInput().charAt(syntax.getIndex()) + "' must be percent-encoded";
        }
        return base(api).toString().equals(DEMO)
                ? "not on the host of the demo API: set colleagues.apis." + api + ".base-url, or write a path"
                : e.getMessage();
    }

    /** The API's base URL. An invalid one is not a problem of the route files. */
    private URI base(String api) {
        String set = settings.value("colleagues.apis." + api + ".base-url");
        return URI.create(set != null && set.matches("https?://[\\w.-]+(:\\d+)?(/\\S*)?") ? set : DEMO);
    }

    private static String wrongColumns(String columns) {
        Set<String> known = new HashSet<>();
        for (String column : columns.split(",", -1)) {
            if (column.isBlank()) {
                return "empty name in columns: list the fields of an item, separated by commas";
            }
            if (!known.add(column.strip())) {
                return "duplicate column '" + column.strip() + "': remove one";
            }
        }
        return null;
    }
}
