package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged jar, unpacked by Spring Boot's tool mode, with a class-data archive for a batch: this halves the start
 * time. The first test that needs it creates it. Thread-safe.
 */
final class UnpackedJar {
    private UnpackedJar() {}

    /** The arguments for Java, up to those of the application. */
    static List<String> arguments() {
        return List.of("-XX:SharedArchiveFile=" + Made.ARCHIVE, "-jar", Made.JAR.toString());
    }

    /** Created lazily: the JVM runs the static initializer once, on the first thread that needs it. */
    private static final class Made {
        private static final Path FOLDER = Path.of("target/it-unpacked").toAbsolutePath();
        private static final Path JAR = FOLDER.resolve(Packaged.JAR.getFileName());
        private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");

        static {
            try {
                FileSystemUtils.deleteRecursively(FOLDER);
                run("-Djarmode=tools", "-jar", Packaged.JAR.toString(), "extract", "--destination", FOLDER.toString());
                run(
                        "-XX:ArchiveClassesAtExit=" + ARCHIVE,
                        "-jar",
                        JAR.toString(),
                        "--once",
                        "--colleagues.deliver-to=csv",
                        "--colleagues.csv.folder=" + FOLDER.resolve("csv"),
                        "--colleagues.database.file=" + FOLDER.resolve("ledger"));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("cannot unpack the jar", e);
            }
        }

        private static void run(String... arguments) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(Packaged.java());
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("target/it-unpacked.log").toFile())
                    .start();
            try {
                assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("exits").isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as("see target/it-unpacked.log").isZero();
        }
    }
}
