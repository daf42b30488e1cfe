package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
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

            batches.assertIsSatisfied(20_000);

            // The job and trigger of Quartz are of no use to a batch, and cannot go through a queue.
            assertThat(batches.getExchanges())
                    .allSatisfy(exchange ->
                            assertThat(exchange.getMessage().getHeaders()).isEmpty());
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

    @Test
    void runsLateTriggersOnceUnlessToldToSkipThem() throws Exception {
        assertThat(trigger(RouteApplication.of("schedule")).getMisfireInstruction())
                .isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW);
        assertThat(trigger(RouteApplication.of("schedule").with("colleagues.if-late", "skip"))
                        .getMisfireInstruction())
                .isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING);
    }

    /** As Quartz has it. */
    private static CronTrigger trigger(RouteApplication of) throws Exception {
        try (RouteApplication application = of.start()) {
            QuartzEndpoint endpoint =
                    (QuartzEndpoint) application.camel().getRoute("schedule").getEndpoint();
            return (CronTrigger) endpoint.getComponent().getScheduler().getTrigger(endpoint.getTriggerKey());
        }
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
            assertThat(first.getException()).hasMessage("no batch");
            assertThat(second.getException()).isNull();
        }
    }
}
