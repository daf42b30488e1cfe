package org.colleaguesearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;

/** Replaces {@code curl} and {@code jq} as far as the guide uses them, so that test machines need not have them. */
final class GuideTools {
    private GuideTools() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("curl")) {
            curl(arguments);
        } else {
            jq(arguments[arguments.length - 1]);
        }
    }

    private static void curl(String[] arguments) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "-s" -> {}
                case "--netrc-file" -> request.header("Authorization", login(Path.of(arguments[++i])));
                case "-H" ->
                    request.header(
                            arguments[++i].split(": ", 2)[0], arguments[i].split(": ", 2)[1]);
                case "-d" -> request.POST(BodyPublishers.ofString(arguments[++i]));
                default -> request.uri(URI.create(arguments[i]));
            }
        }
        // An upgrade to HTTP/2 hangs occasionally.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            System.out.println(
                    client.send(request.build(), BodyHandlers.ofString()).body());
        }
    }

    /** The login of the first entry. */
    private static String login(Path netrc) throws IOException {
        String[] words = Files.readString(netrc).split("\\s+", -1);
        return "Basic "
                + Base64.getEncoder().encodeToString((words[3] + ":" + words[5]).getBytes(StandardCharsets.UTF_8));
    }

    private static void jq(String program) throws IOException {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, scope);
        JsonNode in = new ObjectMapper().readTree(System.in);
        JsonQuery.compile(program, Versions.JQ_1_7).apply(scope, in, out -> System.out.println(out));
    }
}
