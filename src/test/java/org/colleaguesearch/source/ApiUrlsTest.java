package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiUrlsTest {
    @ParameterizedTest
    @CsvSource({
        "/p?key=x, https://api.example.org/p",
        "/p?key=x&a=1, https://api.example.org/p?a=1",
        "/p?a=1&key=x&b=2, https://api.example.org/p?a=1&b=2",
        "/p?a=1&key=x, https://api.example.org/p?a=1",
        "/p?akey=1&keys=2, https://api.example.org/p?akey=1&keys=2",
        "https://api.example.org/key=x?key=, https://api.example.org/key=x",
    })
    void leavesOutTheKeyThatEachCallGets(String url, String resolved) {
        Settings.Auth auth = Settings.Auth.ofKeyInQuery("key", Secret.valueOf("x"));

        assertThat(new ApiUrls("works", URI.create("https://api.example.org"), auth).resolve(url))
                .isEqualTo(resolved);
    }

    @ParameterizedTest
    @CsvSource({
        "?t=hunter%2F2, ''",
        "?t=hunter/2&page=2, ?page=2",
        "?page=2&t=newest-token, ?page=2",
        "?t=former-token&page=2, ?page=2",
        "?t=oldest-token&page=2, ?t=oldest-token&page=2",
        "?page=2&t=hunter/22&, ?page=2&t=hunter/22&",
        "?page=2&, ?page=2&",
    })
    void leavesOutCredentialsThatAnApiRepeatsInItsLinks(String link, String followed) {
        Settings.Auth auth = Settings.Auth.ofUser("ada", Secret.valueOf("hunter/2"));
        ApiUrls urls = new ApiUrls("works", URI.create("https://api.example.org"), auth);
        List.of("oldest-token", "former-token", "newest-token").forEach(urls::issued);

        assertThat(urls.follow("/p" + link, "https://api.example.org/p"))
                .isEqualTo("https://api.example.org/p" + followed);
    }

    @Test
    void keepsParametersThatHappenToBeLikeAShortPassword() {
        Settings.Auth auth = Settings.Auth.ofUser("ada", Secret.valueOf("2"));

        assertThat(new ApiUrls("works", URI.create("https://api.example.org"), auth).resolve("/p?page=2"))
                .isEqualTo("https://api.example.org/p?page=2");
    }

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
        assertThat(new ApiUrls("default", base).resolve(url)).isEqualTo(resolved);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.org/people?page=2",
                "HTTPS://API.example.org./people?page=2",
                "https://api.example.org:443/people?page=2#top"
            })
    void givesUrlsOfTheApisOwnHostOneForm(String url) {
        assertThat(new ApiUrls("default", URI.create("https://api.example.org/hr")).resolve(url))
                .isEqualTo("https://api.example.org/people?page=2");
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
        ApiUrls urls = new ApiUrls("default", URI.create("https://api.example.org"));

        assertThatIllegalArgumentException().isThrownBy(() -> urls.resolve(url));
    }

    @ParameterizedTest
    @CsvSource({
        "?page=2,                           https://api.example.org/hr/people?page=2",
        "people?page=2,                     https://api.example.org/hr/people?page=2",
        "/other/people?page=2,              https://api.example.org/other/people?page=2",
        "https://api.example.org/x?page=2,  https://api.example.org/x?page=2",
        "//api.example.org:443/x,           https://api.example.org/x",
        "' ?q=a b|c&t={x} ',                https://api.example.org/hr/people?q=a%20b%7Cc&t=%7Bx%7D",
        "?q=Zoë%20東京&p=100%,                https://api.example.org/hr/people?q=Zo%C3%AB%20%E6%9D%B1%E4%BA%AC&p=100%25",
        "?filter[a]=1&b=%41#top#more,       https://api.example.org/hr/people?filter%5Ba%5D=1&b=%41",
        "/v2/items[0]?a=1,                  https://api.example.org/v2/items%5B0%5D?a=1",
    })
    void resolvesLinksAgainstThePage(String url, String resolved) {
        assertThat(new ApiUrls("default", URI.create("https://api.example.org/hr"))
                        .follow(url, "https://api.example.org/hr/people?page=1"))
                .isEqualTo(resolved);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com/people?page=2",
                "//evil.example.com/people",
                "https://api.example.org\\@evil.example.com/people",
                "https://api.example.org@evil.example.com/people",
                "https:evil.example.com",
                "javascript:alert(1)",
            })
    void refusesLinksToOtherHosts(String link) {
        ApiUrls urls = new ApiUrls("default", URI.create("https://api.example.org/hr"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> urls.follow(link, "https://api.example.org/hr/people?page=1"))
                .withMessageContaining("API 'default'");
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
    void showsNoPasswordOfRefusedUrl() {
        ApiUrls urls = new ApiUrls("default", URI.create("https://api.example.org"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> urls.resolve("https://ada:hunter2@api.example.org/people"))
                .withMessageStartingWith("the URL https://***@api.example.org/… is not on the host");
    }

    @Test
    void namesOnlyTheHostOfRefusedUrl() {
        ApiUrls urls = new ApiUrls("default", URI.create("https://api.example.org"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> urls.resolve("https://evil.example.com/people?token=hunter2"))
                .withMessage(
                        "the URL https://evil.example.com/… is not on the host of the API 'default', api.example.org");
    }
}
