package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiUrlsTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.example.org,         /people?page=2,  https://api.example.org/people?page=2",
        "https://api.example.org/,        /people?page=2,  https://api.example.org/people?page=2",
        "https://api.example.org/hr/v2,   /people?page=2,  https://api.example.org/hr/v2/people?page=2",
        "https://api.example.org/hr/v2//, /people?page=2,  https://api.example.org/hr/v2/people?page=2",
        "https://api.example.org:8443,    /a%2Fb/x,        https://api.example.org:8443/a%2Fb/x",
        "https://api.example.org/hr/,     people?page=2,   https://api.example.org/hr/people?page=2",
    })
    void resolvesPathsAgainstTheBase(URI base, String url, String resolved) {
        assertThat(new ApiUrls(base).resolve(url)).isEqualTo(resolved);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://api.example.org/people?page=2", "HTTPS://API.example.org/other/path"})
    void keepsUrlsOfTheApisOwnHost(String url) {
        assertThat(new ApiUrls(URI.create("https://api.example.org/hr")).resolve(url))
                .isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com/people",
                "//evil.example.com/people",
                "http://api.example.org/people",
                "https://api.example.org:8443/people",
                "https://api.example.org@evil.example.com/people",
                "https://user@api.example.org/people",
                "https://api.example.org.evil.example.com/people",
                "mailto:someone@api.example.org",
                "file:///etc/passwd",
                "https://api.example.org\\@evil.example.com/people",
                "not a url",
            })
    void refusesUrlsOfOtherHosts(String url) {
        ApiUrls urls = new ApiUrls(URI.create("https://api.example.org"));

        assertThatIllegalArgumentException().isThrownBy(() -> urls.resolve(url));
    }

    @ParameterizedTest
    @CsvSource({
        "?page=2,                           https://api.example.org/hr/people?page=2",
        "people?page=2,                     https://api.example.org/hr/people?page=2",
        "/other/people?page=2,              https://api.example.org/other/people?page=2",
        "https://api.example.org/x?page=2,  https://api.example.org/x?page=2",
    })
    void resolvesLinksAgainstThePage(String url, String resolved) {
        assertThat(new ApiUrls(URI.create("https://api.example.org/hr"))
                        .follow(url, "https://api.example.org/hr/people?page=1"))
                .isEqualTo(resolved);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.org/people/../patents",
                "https://api.example.org/people/./patents",
                "https://api.example.org/people/%2E%2e/patents",
                "https://api.example.org/people/.%2E/patents",
                "https://api.example.org/people/%2E/patents",
                "https://api.example.org/people/..",
            })
    void refusesDotSegments(String url) {
        assertThatThrownBy(() -> ApiUrls.straight(url))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("the path of the URL has a '.' or '..' segment; such URLs are not called");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.org",
                "https://api.example.org/people/.../patents",
                "https://api.example.org/people/.ada/patents",
                "https://api.example.org/people/ada../patents",
                "https://api.example.org/people/%2E%2E%2F/patents",
                "https://api.example.org/people?from=/../",
            })
    void allowsOtherDots(String url) throws IOException {
        assertThat(ApiUrls.straight(url)).isEqualTo(url);
    }

    @Test
    void namesOnlyTheHostOfRefusedUrl() {
        ApiUrls urls = new ApiUrls(URI.create("https://api.example.org"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> urls.resolve("https://evil.example.com/people?token=hunter2"))
                .withMessage(
                        "the URL https://evil.example.com/… is not on the host of the people API, api.example.org");
    }
}
