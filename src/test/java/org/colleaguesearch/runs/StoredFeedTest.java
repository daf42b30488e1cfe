package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.FeedStore.Item;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Paging;
import org.colleaguesearch.settings.Paging.Kind;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.source.PageLinks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoredFeedTest {
    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    private final PageLinks links = new PageLinks(
            new ApiUrls("works", URI.create("https://api.example.org")),
            new Paging(Kind.PAGE, null, "page", "limit", null, 1, null, ""),
            "https://api.example.org/all",
            100_000);

    @Test
    void givesEachPersonOfAChunkItsItemsInTheirOrder() {
        Run run = run("ada", "bob", "eve");
        StoredFeed feed = feed(run, null);
        add(feed, new Item("bob", json("1")), new Item("ada", json("{\"a\":[2]}")), new Item("eve", json("3")));
        feed.keep();
        add(feed, new Item("ada", json("4")), new Item("bob", json("5")), new Item("ada", json("2.50")));
        feed.keep();

        assertThat(items(run, feed, 1, "ada")).containsExactly("{\"a\":[2]}", "4", "2.50");
        assertThat(items(run, feed, 1, "bob")).containsExactly("1", "5");
        assertThat(items(run, feed, 2, "eve")).containsExactly("3");
        assertThat(items(run, feed, 2, "nobody")).isEmpty();
    }

    @Test
    void keepsAnyTextExactly() {
        String text = "a\n\"b\\\r\u2028\0é\uD83D\uDE00\t";
        Run run = run(text.replace("\0", ""), "bob");
        StoredFeed feed = feed(run, null);
        JsonNode item = JsonNodeFactory.instance.objectNode().put(text, text);
        add(feed, new Item(text.replace("\0", ""), item), new Item("bob", item));
        feed.keep();

        assertThat(feed.of(chunk(run, 1)).apply(text.replace("\0", ""))).containsExactly(item);
        assertThat(feed.of(chunk(run, 1)).apply("bob")).containsExactly(item);
    }

    @Test
    void countsItemsOfNobodyWithoutKeepingThem() {
        Run run = run("ada");
        StoredFeed feed = feed(run, null);
        add(feed, new Item("zoe", json("1")), new Item("ada", json("2")), new Item("", json("3")));
        feed.keep();

        assertThat(progress())
                .extracting(FeedProgress::stored, FeedProgress::ofNobody)
                .containsExactly(1L, 2L);
        assertThat(items(run, feed, 1, "zoe")).isEmpty();
    }

    @Test
    void continuesAfterThePagesThatWereKept() {
        Run run = run("ada");
        StoredFeed feed = feed(run, null);
        add(feed, new Item("ada", json("1")), new Item("zoe", json("0")));
        feed.keep();
        add(feed, new Item("ada", json("\"lost by a crash\"")));

        StoredFeed resumed = feed(run, progress());
        assertThat(progress().pages()).isEqualTo(1);
        add(resumed, new Item("ada", json("2")));
        resumed.keep();

        assertThat(items(run, resumed, 1, "ada")).containsExactly("1", "2");
        assertThat(progress())
                .extracting(FeedProgress::stored, FeedProgress::ofNobody)
                .containsExactly(2L, 1L);
    }

    @Test
    void keepsPagesByItselfWhenTheyHaveManyItems() {
        Run run = run("ada");
        StoredFeed feed = feed(run, null);
        Item[] page = IntStream.range(0, 9_000)
                .mapToObj(i -> new Item(i % 2 == 0 ? "ada" : "zoe", json("" + i)))
                .toArray(Item[]::new);

        add(feed, page);
        add(feed, page);
        assertThat(database.feeds().find("b1", "trainings")).isEmpty();
        add(feed, page);

        assertThat(progress().stored()).isEqualTo(13_500);
        assertThat(items(run, feed, 1, "ada"))
                .hasSize(13_500)
                .startsWith("0", "2")
                .endsWith("8996", "8998");
    }

    private FeedProgress progress() {
        return database.feeds().find("b1", "trainings").orElseThrow();
    }

    private StoredFeed feed(Run run, FeedProgress before) {
        return new StoredFeed(
                run,
                "definition",
                before,
                FeedPeople.of(run, "id", database.database()),
                database.feeds(),
                database.database());
    }

    private void add(StoredFeed feed, Item... items) {
        links.advance(new PageLinks.Answer(json("[" + links.page() + "]"), Map.of(), links.url()), items.length);
        feed.add(List.of(items), links);
    }

    private static List<String> items(Run run, StoredFeed feed, int chunk, String person) {
        return feed.of(chunk(run, chunk)).apply(person).stream()
                .map(JsonNode::toString)
                .toList();
    }

    private static Chunk chunk(Run run, int number) {
        return Chunks.chunk(run, number);
    }

    /** Two people a chunk. */
    private Run run(String... ids) {
        database.ledger().open("b1", "test", Instant.EPOCH, List.of("trainings"), 2, false, null);
        PeopleList list = database.people().list("b1", 0);
        List<Person> people = new ArrayList<>();
        for (String id : ids) {
            people.add(new Person(id, "Person"));
        }
        list.add(people);
        return Batch.of("b1", list, database.ledger().runs("b1")).run("trainings");
    }

    private static JsonNode json(String text) {
        try {
            return JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build()
                    .readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
