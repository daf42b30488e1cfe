package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class GetRunErrorsRouteTest {
    private static final String HEADER = "person_id,url,reason,status,attempts\r\n";

    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @Test
    void answersWithTheUrlsThatFailed() {
        Batch batch = Ended.closed(
                API.application(),
                Sample.failed("=cmd", "gone, \"quite\""),
                Sample.fetched("ada", "[]"),
                Sample.failed("bob", "gone"));

        Answer answer = API.call("get-run-errors", batch.id() + "-sample");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + batch.id() + "-sample.errors.csv\"");
        assertThat(answer.exchange().getMessage().getBody()).isInstanceOf(InputStream.class);
        assertThat(answer.text())
                .isEqualTo(HEADER
                        + "'=cmd,http://people.test/people/=cmd/sample,\"gone, \"\"quite\"\"\",404,1\r\n"
                        + "bob,http://people.test/people/bob/sample,gone,404,1\r\n");
    }

    @Test
    void isAHeaderWhereNothingFailed() {
        Batch batch = Ended.closed(API.application(), Sample.fetched("ada", "[]"));

        assertThat(API.call("get-run-errors", batch.id() + "-sample").text()).isEqualTo(HEADER);
    }

    @Test
    void knowsNoOtherRun() {
        assertThat(API.call("get-run-errors", "20260101T020000000Z-sample").status())
                .isEqualTo(404);
    }
}
