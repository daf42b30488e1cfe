package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.Map;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Paging.Kind;
import org.colleaguesearch.source.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SectionSourceTest {
    private static final Person ADA = new Person("a\"b&c", "Ada", Map.of("orcid", "0000-1"));

    @Test
    void readsOnePageWithGetByDefault() {
        SectionSource source = SectionSource.of(Map.of("next", "false"));

        assertThat(source.paging().kind()).isEqualTo(Kind.NONE);
        assertThat(source.request().request(ADA)).contains(Request.GET);
    }

    @Test
    void writesValuesIntoTheStringsOfJson() {
        assertThat(request("body", "{\"who\":\"{id}\",\"orcid\":\"{orcid}\",\"deep\":{\"x\":{\"y\":1}}}"))
                .isEqualTo(new Request(
                        "POST",
                        Map.of("Content-Type", "application/json"),
                        "{\"who\":\"a\\\"b&c\",\"orcid\":\"0000-1\",\"deep\":{\"x\":{\"y\":1}}}",
                        false));
    }

    @Test
    void writesValuesIntoForms() {
        Request request = request(
                "body", "who={id}&n=1", "headers", "X-Tenant: acme\ncontent-type: application/x-www-form-urlencoded");

        assertThat(request.body()).isEqualTo("who=a%22b%26c&n=1");
        assertThat(request.headers()).containsEntry("X-Tenant", "acme").hasSize(2);
    }

    @Test
    void sendsGraphQlQueryWithItsVariablesAndTakesItForIdempotent() {
        Request request =
                request("query", "query($id: ID!) { person(id: $id) {id} }", "variables", "{\"id\":\"{orcid}\"}");

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.isIdempotent()).isTrue();
        assertThat(request.body())
                .isEqualTo(
                        "{\"query\":\"query($id: ID!) { person(id: $id) {id} }\",\"variables\":{\"id\":\"0000-1\"}}");
    }

    @Test
    void doesNotTakeMutationForIdempotentUnlessTold() {
        assertThat(request("query", "mutation { touch }").isIdempotent()).isFalse();
        assertThat(request("query", "mutation { touch }", "idempotent", "true").isIdempotent())
                .isTrue();
        assertThat(request("body", "{}", "method", "put").isIdempotent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                ".results",
                ".data.works[]",
                ".\"odd key\".works",
                "[.results[] | {title, year}]",
                "[.results[]|{title, when: .year}]",
                ".results | map({title})"
            })
    void takesOneResultForEachItemAsTheirNumber(String section) {
        assertThat(SectionSource.of(Map.of("paging", "page", "section", section))
                        .items())
                .isNull();
    }

    @Test
    void findsMutationAfterCommentsAndFragments() {
        assertThat(request("query", "# mutation of nothing\nquery { a }").isIdempotent())
                .isTrue();
        assertThat(request("query", "fragment F on A { b } mutation { touch }").isIdempotent())
                .isFalse();
    }

    @Test
    void makesNoRequestForPersonWhoLacksAValue() {
        SectionSource source = SectionSource.of(Map.of("body", "{\"o\":\"{orcid}\"}"));

        assertThat(source.request().request(new Person("bob", "Bob"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method=PATCH | method: expected one of [GET, POST, PUT], not 'PATCH'",
                "method=GET;body={} | method: GET has no body: use POST",
                "method=POST | method: POST needs a body or query",
                "body={};query={a} | query: there is a body, too: keep one of them",
                "variables={} | variables: there is no query to use them",
                "headers=X-Tenant acme | headers: expected lines such as 'X-Tenant: acme'",
                "headers=Host: evil | headers: Host is set by the HTTP client: remove it",
                "idempotent=yes | idempotent: expected true or false, not 'yes'",
                "paging=pages | paging: expected one of [cursor, link, next, offset, page], not 'pages'",
                "paging=cursor | paging: needs 'next', a jq expression for the next page",
                "paging=page;next=.next | next: is not used with paging page: remove it",
                "paging=page;section=.;pageSize=0 | pageSize: expected a whole number from 1, not '0'",
                "paging=page;section=.;firstPage=-1 | firstPage: expected a whole number from 0, not '-1'",
                "paging=page;section=.;total=.[ | total: invalid jq expression: ",
                "'paging=page;section=[.a[]|select(.b)]' | section: may leave out or repeat items of a page",
                "paging=offset;section=[.a[].b[]] | section: may leave out or repeat items of a page",
                "'paging=offset;each=.a[]|.b[];person=.c;section=.' | each: may leave out or repeat items of a page",
                "paging=cursor;next=.c;query={a} | paging: is a parameter of the URL, which GraphQL does not read",
                "body={\"ids\":[{id}]} | body: not valid JSON, or a variable is outside quotes: write \"{id}\"",
                "query={a};variables={\"a\": | variables: not valid JSON",
                "body=<a/>;headers=Content-Type: text/xml | headers: Content-Type takes application/json or",
            })
    void refusesInvalidParameter(String parameters, String message) {
        Map<String, String> values = new HashMap<>();
        for (String each : parameters.split(";", -1)) {
            values.put(each.split("=", 2)[0], each.split("=", 2)[1]);
        }
        assertThatExceptionOfType(InvalidParameter.class)
                .isThrownBy(() -> SectionSource.of(values))
                .withMessageStartingWith(message)
                .satisfies(problem -> assertThat(problem.parameter()).isEqualTo(message.split(":", -1)[0]));
    }

    private static Request request(String... parameters) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            values.put(parameters[i], parameters[i + 1]);
        }
        return SectionSource.of(values).request().request(ADA).orElseThrow();
    }
}
