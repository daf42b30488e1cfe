package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * What a route says of CSV has an effect, and the whole of it: Camel 4.17 takes some options of {@code csv} and ignores
 * them, and rows of an indexer are written in the dialect of the header that is put before them.
 */
final class CsvFormats implements Rule {
    private static final String MARSHAL = "marshal";
    private static final String UNMARSHAL = "unmarshal";

    /** Options that do nothing where CSV is written; Camel's documentation does not say which these are. */
    private static final Set<String> OF_READING = Set.of(
            "allowMissingColumnNames",
            "captureHeaderRecord",
            "ignoreEmptyLines",
            "ignoreHeaderCase",
            "ignoreSurroundingSpaces",
            "lazyLoad",
            "recordConverterRef",
            "useMaps",
            "useOrderedMaps");

    /** Options that do nothing where it is read. */
    private static final Set<String> OF_WRITING =
            Set.of("marshallerFactoryRef", "recordSeparator", "recordSeparatorDisabled", "trailingDelimiter");

    /** The bean that makes the rows of an indexer, and the one that writes them. */
    private static final String ROWS = "csvRows";

    private static final String PARTS = "csvParts";

    private static final String DIALECT = "csvDialect";

    /** Keys of a step that are no data formats. */
    private static final Set<String> OF_STEP =
            Set.of("id", "description", "note", "disabled", "variableSend", "variableReceive");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(
                routes.fields().filter(field -> !field.isOption()).flatMap(CsvFormats::ignored),
                routes.declarations().stream()
                        .filter(CsvFormats::writesParts)
                        .flatMap(Declaration::fields)
                        .flatMap(field -> Stream.concat(otherDialect(field), otherCharset(field))));
    }

    private static Stream<Problem> ignored(Declaration.Field field) {
        return field.isNamed("csv") && field.value() instanceof Yaml.Keys csv
                ? csv.entries().stream().flatMap(option -> ignored(field.owner(), option))
                : Stream.of();
    }

    private static Stream<Problem> ignored(String owner, Yaml.Entry option) {
        String name = option.key().text();
        String value = option.value() instanceof Yaml.Text text ? text.text() : "";
        Place place = option.key().place();
        if (name.equals("format") && !value.equals("DEFAULT")) {
            return Stream.of(place.problem("Camel ignores 'format' of csv: remove it, and set delimiter, quote,"
                    + " quoteMode, escape, nullString or recordSeparator"));
        }
        boolean isWritten = owner.equals(MARSHAL) && OF_READING.contains(name);
        boolean isRead = owner.equals(UNMARSHAL) && OF_WRITING.contains(name);
        return (isWritten || isRead) && !value.equals("false")
                ? Stream.of(place.problem("Camel ignores '" + name + "' of csv where it is "
                        + (isWritten ? "written" : "read") + ": remove it"))
                : Stream.of();
    }

    /** Not one that sends rows elsewhere: these have no header, errors or retries of ours. */
    private static boolean writesParts(Declaration declaration) {
        return uses(declaration, ROWS) && uses(declaration, PARTS);
    }

    private static boolean uses(Declaration declaration, String bean) {
        return declaration
                .fields()
                .anyMatch(field -> field.value() instanceof Yaml.Text text
                        && (field.isNamed("ref")
                                ? text.text().equals(bean)
                                : text.text().contains("bean:" + bean)));
    }

    private static Stream<Problem> otherDialect(Declaration.Field field) {
        return field.isNamed(MARSHAL) && !field.isOption() && field.value() instanceof Yaml.Keys marshal
                ? marshal.entries().stream()
                        .filter(entry -> !OF_STEP.contains(entry.key().text()) && !isDialect(entry))
                        .map(entry -> entry.key()
                                .place()
                                .problem("'" + entry.key().text() + "' sets the dialect of these rows only, not of"
                                        + " the header, the errors and retried rows: write 'custom: {ref: "
                                        + DIALECT + "}', and set delimiter, quote, line-end and bom under"
                                        + " colleagues.csv in application.yml"))
                : Stream.of();
    }

    private static boolean isDialect(Yaml.Entry format) {
        return format.key().text().equals("custom")
                && switch (format.value()) {
                    case Yaml.Text name -> name.text().equals(DIALECT);
                    case Yaml.Keys custom ->
                        custom.text("ref")
                                .filter(ref -> ref.text().equals(DIALECT))
                                .isPresent();
                    case Yaml.Items list -> false;
                };
    }

    private static Stream<Problem> otherCharset(Declaration.Field field) {
        return (field.isNamed("uri") || field.isNamed("to")) && field.value() instanceof Yaml.Text uri
                ? EndpointOption.of(field, uri).stream()
                        .filter(option -> option.name().text().equals("charset")
                                && !option.value().text().equalsIgnoreCase("UTF-8"))
                        .map(option -> option.name()
                                .place()
                                .problem(
                                        "'charset' sets the encoding of these rows only, not of the header: remove it; if"
                                                + " a spreadsheet does not detect UTF-8, set colleagues.csv.bom to true"
                                                + " in application.yml"))
                : Stream.of();
    }
}
