package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.colleaguesearch.extract.Query;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Calls;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.colleaguesearch.settings.Settings;

/** Creates the input of a route from a case, with domain objects such as batch, chunk and outcomes. Stateless. */
record Given(Batches batches, Runs runs, Calls calls, Indexers indexers) {
    /** The start time of all batches, so that their ids are known. */
    private static final Instant BEGAN = Instant.parse("2026-01-01T02:00:00Z");

    void fill(Exchange exchange, Part given) {
        Message message = exchange.getMessage();
        if (given.has("batch")) {
            message.setBody(batch(exchange, given.get("batch")));
        }
        if (given.has("chunk")) {
            Part chunk = given.get("chunk");
            message.setBody(chunk(exchange, chunk, people(chunk.get("people"))));
        }
        if (given.has("outcomes")) {
            message.setBody(outcomes(exchange, given.get("outcomes")));
        }
        // After those, so that a case can give a batch, chunk or outcomes and another body.
        if (given.has("query")) {
            String text = given.get("query").text();
            message.setBody(new Query(1, 2, List.of(text), text));
        }
        if (Body.isIn(given)) {
            message.setBody(Answer.value(Body.read(given)));
        }
        given.get("headers").fields().forEach(header -> message.setHeader(header.key(), header.text()));
        given.get("variables")
                .fields()
                .forEach(variable -> exchange.setVariable(variable.key(), Answer.value(variable.value())));
    }

    private Batch batch(Exchange exchange, Part yaml) {
        List<String> names = indexers.all().stream().map(Indexer::name).toList();
        List<String> wanted = yaml.has("indexers")
                ? yaml.get("indexers").items().stream().map(Part::text).toList()
                : names;
        Batch batch = open(exchange, wanted, yaml.has("people") ? people(yaml.get("people")) : null);
        if (yaml.get("completed").value().asBoolean()) {
            wanted.forEach(indexer -> runs.end(runs.start(batch, indexer)));
        }
        return batch;
    }

    private Batch open(Exchange exchange, List<String> wanted, List<Person> people) {
        wanted.forEach(indexer -> declare(indexer, List.of()));
        Batch batch = batches.open("test", wanted, BEGAN, false, null);
        if (people != null) {
            batches.listing(batch).add(people);
            batches.listed(batch);
        }
        exchange.setVariable("batch", batch);
        return batch;
    }

    /** Declares an indexer that exists only in tests. */
    private void declare(String name, List<String> columns) {
        if (SampleIndexers.NAMES.contains(name)) {
            indexers.hold(new Indexer(name, columns, "fetch", false));
        }
    }

    private Chunk chunk(Exchange exchange, Part yaml, List<Person> people) {
        String indexer = yaml.get("indexer").text();
        Batch batch = open(exchange, List.of(indexer), people);
        Run run = runs.start(batch, indexer);
        exchange.setVariable("run", run);
        Chunk chunk = new Chunk(batch.id(), indexer, 1, people);
        exchange.setVariable("chunk", chunk);
        return chunk;
    }

    private ChunkOutcomes outcomes(Exchange exchange, Part yaml) {
        List<Part> all = yaml.get("of").items();
        Chunk chunk = chunk(
                exchange,
                yaml,
                all.stream().map(each -> person(each.get("person"))).toList());
        declare(chunk.indexer(), columns(all));
        runs.begin(chunk);
        List<String> urls = calls.urls(chunk, Settings.DEFAULT_API, "/people/{id}/" + chunk.indexer());
        List<Outcome> outcomes = new ArrayList<>();
        for (Part each : all) {
            int i = outcomes.size();
            outcomes.add(outcome(new Call(chunk.people().get(i), urls.get(i)), each));
        }
        return new ChunkOutcomes(chunk, outcomes);
    }

    /** The fields of the items, in order of appearance. */
    private static List<String> columns(List<Part> outcomes) {
        return outcomes.stream()
                .flatMap(each -> each.get("section").items().stream())
                .flatMap(item -> item.fields().stream())
                .map(Part::key)
                .distinct()
                .toList();
    }

    private static Outcome outcome(Call call, Part yaml) {
        return yaml.has("fails")
                ? new Failed(
                        call,
                        yaml.get("fails").text(),
                        yaml.has("status") ? yaml.get("status").value().intValue() : null,
                        1)
                : new Fetched(
                        call,
                        yaml.has("section")
                                ? yaml.get("section").value().deepCopy()
                                : JsonNodeFactory.instance.arrayNode(),
                        200,
                        1);
    }

    private static List<Person> people(Part yaml) {
        return yaml.items().stream().map(Given::person).toList();
    }

    private static Person person(Part yaml) {
        if (!yaml.value().isObject()) {
            return new Person(yaml.text(), yaml.text());
        }
        Map<String, String> fields = yaml.fields().stream()
                .filter(field -> !field.key().matches("id|name"))
                .collect(Collectors.toMap(Part::key, Part::text));
        return new Person(yaml.get("id").text(), yaml.get("name").text(), fields);
    }
}
