package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class PeopleRowsTest {
    private static final String DATABASE = "jdbc:h2:mem:people-rows;DB_CLOSE_DELAY=-1";

    @TempDir
    Path folder;

    private final List<Integer> parts = new ArrayList<>();
    private final List<Person> people = new ArrayList<>();

    @Test
    void readsCsvFileWithByteOrderMarkQuotesAndBlankLines() throws IOException {
        read(
                "\uFEFFnumber,full name,status,orcid\r\n7,\"Ada, Countess\",active,0000-1\r\n\r\n8,\"Bob \"\"B\"\"\",left,\r\n"
                        + "9,Zoë,active,\r\n",
                "id=.number",
                "name=.\"full name\"",
                "active=.status == \"active\"",
                "fields.orcid=.orcid");

        assertThat(people)
                .containsExactly(new Person("7", "Ada, Countess", Map.of("orcid", "0000-1")), new Person("9", "Zoë"));
    }

    @Test
    void readsActiveAsText() throws IOException {
        read("id,active\n1,true\n2,false\n3,\n");

        assertThat(people).extracting(Person::id).containsExactly("1", "3");
    }

    @Test
    void handsOnLongFilesInParts() throws IOException {
        read("id\n" + IntStream.range(0, 2_500).mapToObj(Integer::toString).collect(Collectors.joining("\n")));

        assertThat(parts).containsExactly(1_000, 1_000, 500);
    }

    @Test
    void emptyFileIsAnEmptyList() throws IOException {
        read("id,name\n");

        assertThat(people).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id,name#1,Ada#2 | :3: 1 values, but the header has 2; is the delimiter ','?",
                "id;name#1;Ada | :2: invalid item in the people list: colleagues.people.id, .id, is null; expected a text or a whole number",
                "id,id#1,2 | cannot read the list of people from ",
                "id,name#1,\"Ada | cannot read the list of people from ",
                "id,active#1,yes | :2: invalid item in the people list: colleagues.people.active, .active, is a text",
            })
    void namesTheLineThatIsWrong(String file, String message) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> read(file.replace('#', '\n')))
                .withMessageContaining("people.csv")
                .withMessageContaining(message);
    }

    @Test
    void refusesFileThatIsNotUtf8() throws IOException {
        Path file = folder.resolve("people.csv");
        String longEnough = "1,Ada\n".repeat(5_000);
        Files.write(file, ("id,name\n" + longEnough + "1,Zoë\n").getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> rows("csv=" + file).read(this::add))
                .withMessageContaining("people.csv is not valid UTF-8");
    }

    @Test
    void readsRowsOfQueryWithColumnsInLowerCase() {
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(DATABASE));
        sql.sql("create table if not exists staff (id bigint, name varchar, hired date, is_active boolean)")
                .update();
        sql.sql(
                        "insert into staff values (1, 'Ada', date '2020-01-02', true), (2, 'Bob', null, false), (3, null, null, null)")
                .update();

        database("select * from staff order by id", "active=.is_active", "fields.hired=.hired");

        assertThat(people).containsExactly(new Person("1", "Ada", Map.of("hired", "2020-01-02")), new Person("3", ""));
    }

    @Test
    void saysWhyAQueryFails() {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> database("select * from nowhere"))
                .withMessageStartingWith("colleagues.people.sql: ")
                .withMessageContaining("NOWHERE");
    }

    @Test
    void pausesWhileTheDatabaseIsUnavailable() {
        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> rows(
                                "sql=select 1 id",
                                "database=hr",
                                "../databases.hr.url=jdbc:postgresql://127.0.0.1:1/hr")
                        .read(this::add))
                .withMessageStartingWith("colleagues.people.sql: ");
    }

    private void read(String text, String... settings) throws IOException {
        Path file = Files.writeString(folder.resolve("people.csv"), text);
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("csv=" + file);
        rows(all.toArray(String[]::new)).read(this::add);
    }

    private void database(String sql, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("sql=" + sql, "database=hr", "../databases.hr.url=" + DATABASE));
        rows(all.toArray(String[]::new)).read(this::add);
    }

    private static PeopleRows rows(String... settings) {
        String[] changes = Stream.of(settings)
                .map(setting -> setting.startsWith("../") ? setting.substring(3) : "people." + setting)
                .map("colleagues."::concat)
                .toArray(String[]::new);
        Settings all = ShippedSettings.with(changes);
        return new PeopleRows(all, new PeoplePages(all.people(), null), null);
    }

    private boolean add(List<Person> part) {
        parts.add(part.size());
        return people.addAll(part);
    }
}
