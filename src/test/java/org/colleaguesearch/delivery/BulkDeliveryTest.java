package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.colleaguesearch.delivery.Outcomes.failed;
import static org.colleaguesearch.delivery.Outcomes.fetched;

import java.net.ConnectException;
import java.util.List;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.junit.jupiter.api.Test;
import org.opensearch.client.opensearch._types.ErrorResponse;
import org.opensearch.client.opensearch._types.OpenSearchException;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.OperationType;

class BulkDeliveryTest {
    private final Fetched a = fetched("a", "[]");
    private final Failed x = failed("x", "HTTP 404", 404, 1);
    private final Fetched b =
            new Fetched(fetched("b", "[]").call(), fetched("b", "[]").section(), 203, 4);
    private final Fetched c = fetched("c", "[{}]");
    private final ChunkOutcomes chunk = Outcomes.of(1, a, x, b, c);
    private final BulkDelivery delivery = new BulkDelivery(chunk, 0, List.of());

    @Test
    void sendsAllSectionsAndIsDoneWhenAllAreAccepted() {
        assertThat(delivery.next()).containsExactly(a, b, c);
        assertThat(delivery.isPending()).isTrue();

        delivery.answered(List.of(taken(), taken(), taken()));

        assertThat(delivery.isPending()).isFalse();
        assertThat(delivery.outcomes()).isEqualTo(chunk);
    }

    @Test
    void sendsNothingForAChunkWithoutSections() {
        assertThat(new BulkDelivery(Outcomes.of(1, x), 0, List.of()).isPending())
                .isFalse();
    }

    @Test
    void retriesOnlyDocumentsRefusedTemporarily() {
        delivery.next();
        delivery.answered(List.of(taken(), refused(429), taken()));

        assertThat(delivery.refusals()).isEqualTo(1);
        assertThat(delivery.next()).containsExactly(b);
        delivery.answered(List.of(refused(503)));
        assertThat(delivery.refusals()).isEqualTo(2);
        assertThat(delivery.next()).containsExactly(b);
        delivery.answered(List.of(taken()));
        assertThat(delivery.refusals()).isZero();
        assertThat(delivery.isPending()).isFalse();
        assertThat(delivery.outcomes()).isEqualTo(chunk);
    }

    @Test
    void refusedDocumentBecomesAFailureInPlaceAndOthersStay() {
        delivery.next();
        delivery.answered(List.of(taken(), refused(400), refused(409)));
        delivery.next();
        delivery.answered(List.of(taken()));

        assertThat(delivery.outcomes().outcomes())
                .containsExactly(
                        a, x, new Failed(b.call(), "OpenSearch refused the document: some_exception: why", 203, 4), c);
    }

    @Test
    void failsASectionWithAnInexactNumberWithoutSendingIt() {
        BulkDelivery changing = new BulkDelivery(Outcomes.of(1, a, fetched("d", "[{\"n\":1E+400}]"), c), 0, List.of());

        assertThat(changing.next()).containsExactly(a, c);
        assertThat(changing.outcomes().failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.reason())
                        .startsWith("field 'patents.n' holds a number that the index cannot store exactly, 1E+400:"));
    }

    @Test
    void transientFailureLeavesAllPending() {
        delivery.next();
        delivery.failed(new ConnectException("Connection refused"));

        assertThat(delivery.refusals()).isEqualTo(1);
        assertThat(delivery.lastRefusal().reason()).isEqualTo("cannot connect: Connection refused");
        assertThat(delivery.next()).containsExactly(a, b, c);
        assertThat(delivery.outcomes()).isEqualTo(chunk);
    }

    @Test
    void halvesARefusedRequestUntilOneDocumentIsToBlame() {
        delivery.next();
        delivery.failed(status(400));
        assertThat(delivery.next()).containsExactly(a);
        delivery.failed(status(400));
        assertThat(delivery.next()).containsExactly(b);
        delivery.answered(List.of(taken()));
        assertThat(delivery.next()).containsExactly(c);
        delivery.answered(List.of(taken()));

        assertThat(delivery.isPending()).isFalse();
        assertThat(delivery.refusals()).isZero();
        assertThat(delivery.outcomes().outcomes())
                .containsExactly(
                        new Failed(a.call(), "OpenSearch refused the document: HTTP 400, some_exception: why", 200, 1),
                        x,
                        b,
                        c);
    }

    @Test
    void requestsGrowAgainAfterHalving() {
        BulkDelivery many = new BulkDelivery(Outcomes.of(1, a, b, c, a, b, c, a), 0, List.of());
        many.next();
        many.failed(status(413));
        assertThat(many.next()).hasSize(3);
        many.answered(List.of(taken(), taken(), taken()));
        assertThat(many.next()).hasSize(4);
    }

    @Test
    void clusterRefusalOutweighsTransientRefusal() {
        delivery.next();
        delivery.answered(List.of(refused(429), refused(404), refused(429)));

        assertThat(delivery.lastRefusal().blame()).isEqualTo(Refusal.Blame.CLUSTER);
    }

    @Test
    void failsWhenNumbersOfItemsAndDocumentsDiffer() {
        delivery.next();

        assertThatIllegalStateException()
                .isThrownBy(() -> delivery.answered(List.of(taken())))
                .withMessage("OpenSearch returned 1 items for a bulk request of 3");
        assertThat(delivery.next()).containsExactly(a, b, c);
    }

    private static BulkResponseItem taken() {
        return BulkResponseItem.of(item ->
                item.operationType(OperationType.Update).index("people-v1").status(200));
    }

    private static BulkResponseItem refused(int status) {
        return BulkResponseItem.of(item -> item.operationType(OperationType.Update)
                .index("people-v1")
                .status(status)
                .error(error -> error.type("some_exception").reason("why")));
    }

    private static OpenSearchException status(int status) {
        return new OpenSearchException(ErrorResponse.of(answer -> answer.status(status)
                .error(error -> error.type("some_exception").reason("why"))));
    }
}
