package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.junit.jupiter.api.Test;
import org.quartz.CronTrigger;

class ScheduleRouteTest {
    @Test
    void startsBatchWhenCronSaysSo() throws Exception {
        try (RouteApplication application = RouteApplication.of("schedule")
                .with("colleagues.schedule", "* * * * * ?")
                .with(
                        "schedule",
                        route -> route.weaveById("start-scheduled-batch")
                                .replace()
                                .to("mock:index-all"))
                .start()) {
            MockEndpoint batches = application.mock("index-all");
            batches.expectedMinimumMessageCount(2);
            batches.allMessages().body().isEqualTo("schedule");

            batches.setResultWaitTime(30_000);
            batches.assertIsSatisfied();

            // The job and trigger of Quartz are of no use to a batch, and cannot go through a queue.
            assertThat(batches.getExchanges())
                    .allSatisfy(exchange ->
                            assertThat(exchange.getMessage().getHeaders()).containsOnlyKeys("scheduled"));
        }
    }

    @Test
    void takesCronFromSetting() {
        try (RouteApplication application = RouteApplication.of("schedule")
                .with("colleagues.schedule", "0 30 3 ? * MON-FRI")
                .start()) {
            QuartzEndpoint trigger =
                    (QuartzEndpoint) application.camel().getRoute("schedule").getEndpoint();

            assertThat(trigger.getCron()).isEqualTo("0 30 3 ? * MON-FRI");
        }
    }

    @Test
    void readsTheCronExpressionInTheMachinesTimeZoneUnlessToldOtherwise() throws Exception {
        assertThat(trigger(RouteApplication.of("schedule")).getTimeZone().getID())
                .isEqualTo(ZoneId.systemDefault().getId());
        assertThat(trigger(RouteApplication.of("schedule").with("colleagues.time-zone", "Asia/Tokyo"))
                        .getTimeZone()
                        .getID())
                .isEqualTo("Asia/Tokyo");
    }

    /** What the API promises as the next run is what Quartz does. */
    @Test
    void goesOffWhenTheApiSaysSoWithAnOffsetAsTimeZone() throws Exception {
        try (RouteApplication application = RouteApplication.of("schedule", "list-indexers", "index-chunk")
                .withTestRoute("index-sample")
                .with("colleagues.time-zone", "+02:00")
                .start()) {
            CronTrigger trigger = trigger(application, "schedule");
            Exchange answer = application.send("list-indexers", (Object) null);
            JsonNode indexer =
                    Sample.json(answer.getMessage().getBody(String.class)).at("/indexers/0");

            assertThat(trigger.getNextFireTime())
                    .isEqualTo(Instant.parse(indexer.path("next_run").asText()));
            assertThat(indexer.path("time_zone").asText()).isEqualTo("+02:00");
            assertThat(trigger.getFireTimeAfter(Date.from(Instant.parse("2027-01-09T12:00:00Z"))))
                    .isEqualTo(Instant.parse("2027-01-10T00:00:00Z"));
        }
    }

    @Test
    void goesOffInEachNightAndEachHourWhenClocksChange() throws Exception {
        try (RouteApplication application = RouteApplication.of("schedule")
                .withTestRoute("hourly")
                .with("colleagues.time-zone", "Europe/Stockholm")
                .start()) {
            CronTrigger nightly = trigger(application, "schedule");
            Date evening = Date.from(Instant.parse("2027-03-27T20:00:00Z"));
            Date skipped = Date.from(Instant.parse("2027-03-28T01:00:00Z"));
            assertThat(nightly.getFireTimeAfter(evening)).isEqualTo(skipped);
            assertThat(nightly.getFireTimeAfter(skipped)).isEqualTo(Instant.parse("2027-03-29T00:00:00Z"));
            // So does the one that goes on where this was when the routes are edited.
            assertThat(nightly.getTriggerBuilder().startAt(evening).build().getFireTimeAfter(evening))
                    .isEqualTo(skipped);

            // A route of a user's, such as that of the guide.
            assertThat(trigger(application, "hourly")
                            .getFireTimeAfter(Date.from(Instant.parse("2027-10-31T00:00:00Z"))))
                    .isEqualTo(Instant.parse("2027-10-31T01:00:00Z"));
        }
    }

    @Test
    void runsLateTriggersOnceUnlessToldToSkipThem() throws Exception {
        assertThat(trigger(RouteApplication.of("schedule")).getMisfireInstruction())
                .isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW);
        assertThat(trigger(RouteApplication.of("schedule").with("colleagues.if-late", "skip"))
                        .getMisfireInstruction())
                .isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING);
    }

    private static CronTrigger trigger(RouteApplication of) throws Exception {
        try (RouteApplication application = of.start()) {
            return trigger(application, "schedule");
        }
    }

    /** As Quartz has it. */
    private static CronTrigger trigger(RouteApplication application, String route) throws Exception {
        QuartzEndpoint endpoint =
                (QuartzEndpoint) application.camel().getRoute(route).getEndpoint();
        return (CronTrigger) endpoint.getComponent().getScheduler().getTrigger(endpoint.getTriggerKey());
    }

    @Test
    void goesOnAfterBatchThatFailed() throws Exception {
        try (RouteApplication application = RouteApplication.of("schedule")
                .with("schedule", route -> {
                    route.replaceFromWith("direct:tick");
                    route.weaveById("start-scheduled-batch").replace().to("mock:index-all");
                })
                .start()) {
            MockEndpoint batches = application.mock("index-all");
            batches.expectedBodiesReceived("schedule", "schedule");
            batches.whenExchangeReceived(1, exchange -> {
                throw new IllegalStateException("no batch");
            });
            ProducerTemplate quartz = application.bean(ProducerTemplate.class);

            Exchange first =
                    quartz.send("direct:tick", exchange -> exchange.getMessage().setHeaders(Map.of("fireTime", "now")));
            Exchange second = quartz.send("direct:tick", exchange -> {});

            batches.assertIsSatisfied();
            assertThat(first.getException()).isNull();
            assertThat(first.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                    .hasMessage("no batch");
            assertThat(second.getException()).isNull();
        }
    }
}
