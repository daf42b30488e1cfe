package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Rows of an indexer use the dialect of their header, and no route sets CSV options that Camel 4.17 ignores. */
final class CsvFormats implements Rule {
    /** Options without effect when writing CSV, which Camel's documentation does not list. */
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

    /** Options without effect when reading CSV. */
    private static final Set<String> OF_WRITING =
            Set.of("marshallerFactoryRef", "recordSeparator", "recordSeparatorDisabled", "trailingDelimiter");

    /** The beans that create the rows of an indexer, write them to files, and set their dialect. */
    private static final String ROWS = "csvRows";

    private static final String PARTS = "csvParts";
    private static final String DIALECT = "csvDialect";

    /** Keys of marshal that are not data formats. */
    private static final Set<String> OF_STEP =
            Set.of("id", "description", "note", "disabled", "variableSend", "variableReceive");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.concat(
                routes.fields().flatMap(CsvFormats::ignored),
                routes.declarations().stream()
                        // Rows sent elsewhere have no header.
                        .filter(route -> uses(route, ROWS) && uses(route, PARTS))
                        .flatMap(Declaration::fields)
                        .flatMap(field -> Stream.concat(otherDialect(field), otherCharset(field))));
    }

    private static Stream<Problem> ignored(Declaration.Field field) {
        return field.isNamed("csv") && !field.isOption() && field.value() instanceof Yaml.Keys csv
                ? csv.entries().stream().flatMap(option -> ignored(field.owner(), option))
                : Stream.of();
    }

    private static Stream<Problem> ignored(String owner, Yaml.Entry option) {
        String name = option.key().text();
        String value = option.value() instanceof Yaml.Text text ? text.text() : "";
        if (name.equals("format") && !value.equals("DEFAULT")) {
            return Stream.of(option.key()
                    .place()
                    .problem("Camel ignores 'format' of csv: remove it, and set delimiter, quote, quoteMode, escape,"
                            + " nullString or recordSeparator"));
        }
        boolean isWritten = owner.equals("marshal") && OF_READING.contains(name);
        boolean isRead = owner.equals("unmarshal") && OF_WRITING.contains(name);
        return (isWritten || isRead) && !value.equals("false")
                ? Stream.of(option.key()
                        .place()
                        .problem("Camel ignores '" + name + "' of csv when " + (isWritten ? "writing" : "reading")
                                + ": remove it"))
                : Stream.of();
    }

    private static boolean uses(Declaration route, String bean) {
        return route.fields()
                .anyMatch(field -> field.value() instanceof Yaml.Text text
                        && (field.isNamed("ref")
                                ? text.text().equals(bean)
                                : text.text().contains("bean:" + bean)));
    }

    private static Stream<Problem> otherDialect(Declaration.Field field) {
        return field.isNamed("marshal") && !field.isOption() && field.value() instanceof Yaml.Keys marshal
                ? marshal.entries().stream()
                        .filter(format -> !OF_STEP.contains(format.key().text()) && !isDialect(format))
                        .map(format -> format.key()
                                .place()
                                .problem("'" + format.key().text() + "' applies to these rows only, not to the"
                                        + " header, the errors and retried rows: write 'custom: {ref: " + DIALECT
                                        + "}', and set delimiter, quote, line-end and bom under colleagues.csv in"
                                        + " application.yml"))
                : Stream.of();
    }

    private static boolean isDialect(Yaml.Entry format) {
        Yaml ref =
                format.value() instanceof Yaml.Keys custom ? custom.value("ref").orElse(custom) : format.value();
        return format.key().text().equals("custom")
                && ref instanceof Yaml.Text name
                && name.text().equals(DIALECT);
    }

    private static Stream<Problem> otherCharset(Declaration.Field field) {
        return (field.isNamed("uri") || field.isNamed("to")) && field.value() instanceof Yaml.Text uri
                ? EndpointOption.of(field, uri).stream()
                        .filter(option -> option.name().text().equals("charset")
                                && !option.value().text().equalsIgnoreCase("UTF-8"))
                        .map(option -> option.name()
                                .place()
                                .problem("'charset' applies to these rows only, not to the header: remove it;"
                                        + " if a spreadsheet does not detect UTF-8, set colleagues.csv.bom to true in"
                                        + " application.yml"))
                : Stream.of();
    }
}
