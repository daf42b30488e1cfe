package org.colleaguesearch.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.people.Person;
import org.opensearch.client.json.JsonData;
import org.opensearch.client.opensearch._types.Script;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.springframework.stereotype.Component;

/**
 * Converts fetched sections to documents and bulk requests.
 *
 * <p>Several nodes may deliver the same section: one that was suspended, or whose request was long under way, and the one that
 * took its place. In a cluster, each delivery has a number, the fence, which is greater the later it began. It is kept in the
 * document, and an update with a smaller one changes nothing.
 *
 * <p>An item whose texts have not changed keeps what was computed of their meaning. Stateless.
 */
@Component
public class Documents {
    /** Indexers update the same documents concurrently; OpenSearch retries an update that met a version conflict. */
    private static final int RETRIES_ON_CONFLICT = 10;

    private static final String UPDATE = """
            def texts(def item, def fields) {
              def texts = [];
              for (field in fields) {
                texts.add(item[field]);
              }
              return texts;
            }
            if (ctx._source.fetched == null) {
              ctx._source.fetched = [:];
            }
            def last = ctx._source.fetched[params.section];
            if (last != null && last.fence != null && last.fence > params.fetched.fence) {
              ctx.op = 'none';
            } else {
              def meanings = [:];
              def items = ctx._source[params.section];
              if (!params.meaning.isEmpty() && items instanceof List) {
                for (item in items) {
                  if (item instanceof Map && item._meaning != null) {
                    meanings[texts(item, params.meaning)] = item._meaning;
                  }
                }
              }
              ctx._source.putAll(params.document);
              ctx._source.fetched[params.section] = params.fetched;
              if (!params.meaning.isEmpty() && ctx._source[params.section] instanceof List) {
                for (item in ctx._source[params.section]) {
                  if (item instanceof Map) {
                    item.remove('_meaning');
                    if (meanings.containsKey(texts(item, params.meaning))) {
                      item._meaning = meanings[texts(item, params.meaning)];
                    }
                  }
                }
              }
            }""";

    /** One partial upsert per section, in order. */
    List<UpdateOperation<Map<String, Object>>> of(BulkDelivery delivery, List<Fetched> sections) {
        return sections.stream().map(fetched -> update(delivery, fetched)).toList();
    }

    /**
     * The document of a section: {@code id}, {@code name}, {@code active} and the field of the indexer. Any indexer may
     * be the first to write a person, so each one sends all of them.
     */
    public Map<String, Object> document(String indexer, Fetched fetched) {
        Person person = fetched.call().person();
        return Map.of("id", person.id(), "name", person.name(), "active", true, indexer, fetched.section());
    }

    /** Also says, in the field {@code fetched}, which batch has fetched the section, and when. */
    private UpdateOperation<Map<String, Object>> update(BulkDelivery delivery, Fetched fetched) {
        String indexer = delivery.chunk().indexer();
        Map<String, Object> section = document(indexer, fetched);
        Map<String, Object> origin = new HashMap<>(Map.of(
                "batch", delivery.chunk().batchId(), "at", delivery.began().toString()));
        if (delivery.fence() > 0) {
            origin.put("fence", delivery.fence());
        }
        Map<String, Object> document = new HashMap<>(section);
        document.put("fetched", Map.of(indexer, origin));
        UpdateOperation.Builder<Map<String, Object>> update = new UpdateOperation.Builder<Map<String, Object>>()
                .id(fetched.call().person().id())
                .retryOnConflict(RETRIES_ON_CONFLICT);
        return delivery.fence() == 0 && delivery.meaning().isEmpty()
                ? update.document(document).docAsUpsert(true).build()
                : update.script(script(delivery, section, origin))
                        .upsert(document)
                        .build();
    }

    private static Script script(BulkDelivery delivery, Map<String, Object> document, Map<String, Object> fetched) {
        return Script.of(script -> script.inline(inline -> inline.source(UPDATE)
                .params(Map.of(
                        "section",
                        JsonData.of(delivery.chunk().indexer()),
                        "meaning",
                        JsonData.of(delivery.meaning()),
                        "document",
                        JsonData.of(document),
                        "fetched",
                        JsonData.of(fetched)))));
    }
}
