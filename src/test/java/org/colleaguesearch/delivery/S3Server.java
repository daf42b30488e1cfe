package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server (S3Proxy) with its objects in a folder, as a process of its own, since its jar bundles other versions of
 * the project's libraries.
 */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "colleagues";

    /** Copied there by the build. */
    private static final Path JAR = Path.of("target/s3proxy.jar").toAbsolutePath();

    private final Path folder;
    private final int port;
    private Process process;

    private S3Server(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts one with an empty bucket. */
    public static S3Server start(Path folder) throws IOException {
        assertThat(JAR).as("copied by: mvn generate-test-resources").exists();
        Files.createDirectories(folder.resolve("objects").resolve(BUCKET));
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Files.write(
                folder.resolve("s3proxy.conf"),
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=access",
                        "s3proxy.credential=secret",
                        // Such as the checksums of deletions.
                        "s3proxy.ignore-unknown-headers=true",
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + folder.resolve("objects")));
        S3Server server = new S3Server(folder, port);
        server.restart();
        return server;
    }

    /** Starts it again after {@link #close}, with the same objects. */
    public void restart() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        JAR.toString(),
                        "--properties",
                        folder.resolve("s3proxy.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.txt").toFile())
                .start();
        await().until(() -> isOpen(port));
    }

    private static boolean isOpen(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    /** The settings of an application that keeps its files there. */
    public String[] settings() {
        return new String[] {
            "--colleagues.files.bucket=" + BUCKET,
            "--camel.component.aws2-s3.override-endpoint=true",
            "--camel.component.aws2-s3.uri-endpoint-override=http://127.0.0.1:" + port,
            "--camel.component.aws2-s3.force-path-style=true",
            "--camel.component.aws2-s3.region=us-east-1",
            "--camel.component.aws2-s3.access-key=access",
            "--camel.component.aws2-s3.secret-key=secret"
        };
    }

    /** The client of such an application. */
    S3Client client() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "settings",
                        Arrays.stream(settings())
                                .map(setting -> setting.substring(2).split("=", 2))
                                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]))));
        return new Bucket().bucketClient(environment);
    }

    /** The folder with the objects of the bucket, by key. */
    public Path objects() {
        return folder.resolve("objects").resolve(BUCKET);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
