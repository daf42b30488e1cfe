package org.colleaguesearch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error when the demo API cannot start: one line that names the setting, the place and the remedy. */
class DemoApiStartTest {
    private static final String ADA = "{\"id\":\"demo:ada\",\"name\":\"Ada\",\"active\":true}\n";

    @TempDir
    Path folder;

    @Test
    void namesMissingFile() {
        assertThat(failureWith(folder.resolve("absent.jsonl")))
                .isEqualTo("colleagues.demo.people: %s does not exist; set a file with one JSON object per line"
                        .formatted(folder.resolve("absent.jsonl")));
    }

    @Test
    void namesUnreadableFile() {
        assertThat(failureWith(folder))
                .startsWith("colleagues.demo.people: " + folder + " cannot be read (")
                .endsWith("; set a readable file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "not json                                                | is not JSON (Unrecognized token 'not'",
                "{\"id\":\"x\",\"name\":\"X\",\"active\":true            | is not JSON (Unexpected end-of-input",
                "{\"id\":\"x\",\"name\":\"X\",\"active\":true,\"p\":[1   | is not JSON (Unexpected end-of-input",
                "{\"id\":\"x\",\"name\":\"X\",\"active\":true,}          | is not JSON (",
                "{\"id\":\"x\",\"name\":\"X\",\"active\":true} {}        | has text after its JSON object;",
                "[]                                                      | is not a JSON object;",
                "{\"name\":\"X\",\"active\":true}                        | has no \"id\" (",
                "{\"id\":7,\"name\":\"X\",\"active\":true}               | has no \"id\" (",
                "{\"id\":\"\",\"name\":\"X\",\"active\":true}            | has no \"id\" (",
                "{\"id\":\"x\",\"active\":true}                          | has no \"name\" (",
                "{\"id\":\"x\",\"name\":\"X\"}                           | has no \"active\" (",
                "{\"id\":\"x\",\"name\":\"X\",\"active\":\"yes\"}        | has no \"active\" (",
                "{\"id\":\"demo:ada\",\"name\":\"X\",\"active\":true}    | repeats the id \"demo:ada\" of an earlier line;",
            })
    void namesBrokenLineByNumber(String line, String complaint) throws IOException {
        Path file = Files.writeString(folder.resolve("people.jsonl"), ADA + "\n" + line + "\n");

        assertThat(failureWith(file))
                .startsWith("colleagues.demo.people: " + file + ", line 3: " + complaint)
                .endsWith("; fix the line (one JSON object with id, name and active) or set another file")
                .hasLineCount(1);
    }

    @Test
    void namesLineThatIsNotUtf8() throws IOException {
        String line = ADA.replace("Ada", "Zoë").replace("demo:ada", "demo:zoe");
        Path file = folder.resolve("people.jsonl");
        Files.write(file, (ADA + line).getBytes(StandardCharsets.ISO_8859_1));

        assertThat(failureWith(file)).startsWith("colleagues.demo.people: " + file + ", line 2: is not UTF-8;");
    }

    @Test
    void namesPortInUse() throws IOException {
        Path file = Files.writeString(folder.resolve("people.jsonl"), ADA);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DemoApi api = new DemoApi(new Settings.Demo(file, taken.getLocalPort()))) {
            assertThatThrownBy(api::start)
                    .isInstanceOf(StartFailure.class)
                    .hasMessage(
                            "colleagues.demo.port: port %d on 127.0.0.1 is in use; stop the program that listens there, or set another port, or 0 for any free one",
                            taken.getLocalPort());
        }
    }

    private static String failureWith(Path people) {
        try (DemoApi api = new DemoApi(new Settings.Demo(people, 0))) {
            return catchThrowableOfType(StartFailure.class, api::start).getMessage();
        }
    }
}
