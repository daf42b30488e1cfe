package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedUrlsTest {
    private static final AllowedUrls OWN = allowed("https://people.example.org/hr");

    private static AllowedUrls allowed(String baseUrl, String... settings) {
        Settings given = ShippedSettings.with(settings);
        return new AllowedUrls(given, new Apis(given, URI.create(baseUrl)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://people.example.org/people/1/patents, https://people.example.org/people/1/patents",
        "https://people.example.org, https://people.example.org/",
        "https://people.example.org?a=b, https://people.example.org/?a=b",
        "HTTPS://PEOPLE.Example.ORG/People, https://people.example.org/People",
        "https://people.example.org./people, https://people.example.org/people",
        "https://people.example.org:443/people, https://people.example.org/people",
        "https://people.example.org:/people, https://people.example.org/people",
        "https://people.example.org:0443/people, https://people.example.org/people",
        "https://people.example.org/a%2Fb%3F%0D%0A?q=%26&r=a+b&@=evil.test, https://people.example.org/a%2Fb%3F%0D%0A?q=%26&r=a+b&@=evil.test",
        "https://people.example.org//evil.test/people, https://people.example.org//evil.test/people"
    })
    void normalizesUrlsOfTheApisOwnHost(String url, String called) {
        assertThat(OWN.checked(url)).isEqualTo(called);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Another host or port.
                "https://evil.test/people | the host evil.test:443 is not allowed by colleagues.export.allowed-hosts",
                "http://people.example.org/people | the host people.example.org:80 is not allowed",
                "https://people.example.org:8443/people | the host people.example.org:8443 is not allowed",
                "https://people.example.org.evil.test/ | the host people.example.org.evil.test:443 is not allowed",
                "https://evil.people.example.org/ | the host evil.people.example.org:443 is not allowed",
                "https://people.example.org../ | not a valid URL",
                "https://localhost/ | the host localhost:443 is not allowed",
                "https://127.0.0.1/ | the host 127.0.0.1:443 is not allowed",
                "https://[::1]/ | the host [0:0:0:0:0:0:0:1]:443 is not allowed",
                "https://[::ffff:127.0.0.1]/ | the host 127.0.0.1:443 is not allowed",
                "https://[::ffff:7f00:1]/ | the host 127.0.0.1:443 is not allowed",
                "https://169.254.169.254/latest/meta-data | the host 169.254.169.254:443 is not allowed",
                "https://xn--peple-5ta.example.org/ | the host xn--peple-5ta.example.org:443 is not allowed",
                // Numbers that some programs read as addresses.
                "https://2130706433/ | no",
                "https://0x7f000001/ | is not allowed",
                "https://0x7f.1/ | not a valid URL",
                "https://0177.0.0.1/ | the host 0177.0.0.1:443 is not allowed",
                "https://127.1/ | not a valid URL",
                "https://[::1%25eth0]/ | no",
                "https://[fe80::1%eth0]/ | no",
                // Ambiguous.
                "https://people.example.org@evil.test/ | must not contain a user or password",
                "https://user:pw@people.example.org/ | must not contain a user or password",
                "https://@people.example.org/ | must not contain a user or password",
                "https://people.example.org:443@evil.test/ | must not contain a user or password",
                "https://evil.test#@people.example.org/ | must not contain a fragment",
                "https://people.example.org/people#1 | must not contain a fragment",
                "https://people.example.org# | must not contain a fragment",
                "https://people.example.org\\@evil.test/ | contains a character that must be percent-encoded",
                "https:\\\\people.example.org/ | contains a character that must be percent-encoded",
                "https://people.example.org%00.evil.test/ | not a valid URL",
                "https://people.example.org%2eevil.test/ | not a valid URL",
                "https://people%2eexample.org/ | not a valid URL",
                "https://people.example.org:80:443/ | not a valid URL",
                "https://people.example.org:-443/ | not a valid URL",
                "https://people.example.org:99999999999/ | not a valid URL",
                "https://people.example.org/../../evil | has a '.' or '..' segment",
                "https://people.example.org/%2e%2E/evil | has a '.' or '..' segment",
                // No host.
                "https:///people | no",
                "https:people.example.org | has no valid host",
                "https:/people.example.org/people | has no valid host",
                "//people.example.org/people | must begin with http:// or https://",
                "/people/1 | must begin with http:// or https://",
                "people.example.org | must begin with http:// or https://",
                // Other schemes.
                "file:///etc/passwd | must begin with http:// or https://",
                "ftp://people.example.org/ | must begin with http:// or https://",
                "gopher://people.example.org/ | must begin with http:// or https://",
                "jar:https://people.example.org!/x | must begin with http:// or https://",
                "https+unix://people.example.org/ | must begin with http:// or https://",
                "javascript:alert(1) | must begin with http:// or https://",
                // Placeholders of this application.
                "https://people.example.org/{{colleagues.apis.default.auth.bearer-token}} | not a valid URL",
                "https://people.example.org/${header.x} | not a valid URL",
                "https://people.example.org/%zz | not a valid URL"
            })
    void refusesOthers(String url, String reason) {
        assertThatThrownBy(() -> OWN.checked(url))
                .isInstanceOf(UrlNotAllowed.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " https://people.example.org/",
                "https://people.example.org/ ",
                "https://people.example.org/a b",
                "https://people.example.org/\r\nHost: evil.test",
                "https://people.example.org/\t",
                "https://people.example.org/\u0000",
                "https://people.example.org/ä",
                "https://pe\u043eple.example.org/",
                "https://people\u3002example\u3002org/",
                "https://\uff50eople.example.org/",
                "https://\u2460\u2461\u2466.0.0.1/",
                "https://people.example.org\uff03@evil.test/",
                "https://people.example.org\u2044@evil.test/",
                "https://people.example.org/\ud800",
                "\u2028https://people.example.org/"
            })
    void refusesSpacesControlsAndOtherLetters(String url) {
        assertThatThrownBy(() -> OWN.checked(url)).isInstanceOf(UrlNotAllowed.class);
    }

    @Test
    void quotesOnlyTheHost() {
        assertThatThrownBy(() -> OWN.checked("https://evil.test/?key=hunter2")).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> OWN.checked("https://x:hunter2@evil.test/")).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> OWN.checked("https://evil.test/hunter2 %")).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> OWN.checked("https://evil.test/hunter2%")).hasMessageNotContaining("hunter2");
    }

    @Test
    void allowedHostsReplaceTheApisOwn() {
        AllowedUrls named = allowed(
                "https://people.example.org",
                "colleagues.export.allowed-hosts=Other.example.org, [::1]:8080, 10.0.0.1:81");

        assertThat(named.checked("http://other.example.org/a")).isEqualTo("http://other.example.org/a");
        assertThat(named.checked("https://other.example.org/a")).isEqualTo("https://other.example.org/a");
        assertThat(named.checked("http://[0::0:1]:8080/a")).isEqualTo("http://[0:0:0:0:0:0:0:1]:8080/a");
        assertThat(named.checked("http://10.0.0.1:81")).isEqualTo("http://10.0.0.1:81/");
        assertThatThrownBy(() -> named.checked("https://people.example.org/")).isInstanceOf(UrlNotAllowed.class);
        assertThatThrownBy(() -> named.checked("http://other.example.org:443/")).isInstanceOf(UrlNotAllowed.class);
        assertThatThrownBy(() -> named.checked("http://10.0.0.1/")).isInstanceOf(UrlNotAllowed.class);
    }

    /** The port of the API is not the default of its scheme. */
    @Test
    void keepsThePortOfTheApi() {
        AllowedUrls demo = allowed("http://127.0.0.1:8080");

        assertThat(demo.checked("http://127.0.0.1:8080/people")).isEqualTo("http://127.0.0.1:8080/people");
        assertThatThrownBy(() -> demo.checked("http://127.0.0.1:9200/people")).isInstanceOf(UrlNotAllowed.class);
        assertThatThrownBy(() -> demo.checked("http://127.0.0.1/people")).isInstanceOf(UrlNotAllowed.class);
    }
}
