package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.web.EdgeApplication.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract and Swagger UI, which need no key. */
class ApiPageTest {
    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.SHARED;

    @Test
    void contractAndPageNeedNoKeyAndLoadNothingFromOtherHosts() throws IOException {
        HttpRequest.Builder contract = HttpRequest.newBuilder(APPLICATION.uri("/openapi.json"));
        JsonNode document = json(APPLICATION.send(contract));
        assertThat(document.at("/paths/~1runs/get/operationId").textValue()).isEqualTo("list-runs");
        for (String path : List.of("/", "/swagger-ui", "/swagger-ui/")) {
            // Does not echo the Host header.
            assertThat(APPLICATION.raw("GET " + path + " HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\n"
                            + "Connection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 302")
                    .contains("\r\nLocation: /swagger-ui/index.html\r\n")
                    .doesNotContain("evil");
        }

        HttpResponse<String> page = APPLICATION.send(HttpRequest.newBuilder(APPLICATION.uri("/swagger-ui/index.html")));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .get()
                .asString()
                .contains("script-src 'self'");
        for (String file : List.of(
                "swagger-ui.css", "index.css", "swagger-ui-bundle.js", "swagger-initializer.js", "favicon-32x32.png")) {
            assertThat(page.body()).contains(file);
            assertThat(APPLICATION
                            .send(HttpRequest.newBuilder(APPLICATION.uri("/swagger-ui/" + file)))
                            .statusCode())
                    .as(file)
                    .isEqualTo(200);
        }
        assertThat(page.body()).doesNotContain("http:", "https:", "//");
        assertThat(APPLICATION
                        .send(HttpRequest.newBuilder(APPLICATION.uri("/swagger-ui/swagger-initializer.js")))
                        .body())
                .contains("\"/openapi.json\"")
                .doesNotContain("petstore");
    }

    @Test
    void refusesFormsAndUploads() throws IOException {
        for (String path : List.of("/", "/openapi.json", "/swagger-ui/index.html")) {
            EdgeApplication.problem(
                    APPLICATION.send(HttpRequest.newBuilder(APPLICATION.uri(path))
                            .header("Content-Type", "multipart/form-data; boundary=x")
                            .POST(BodyPublishers.ofString("--x\r\n"))),
                    405);
        }
    }
}
