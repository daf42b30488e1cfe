package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.colleaguesearch.failure.Causes;

/** Compares the expectations of a case with its result. */
record Expectations(RouteCase of, CaseRun run, Exchange exchange) {
    List<Mismatch> mismatches() {
        Part expected = of.expected();
        List<Mismatch> mismatches = new ArrayList<>();
        mismatches.addAll(run.problems());
        if (mismatches.isEmpty()) {
            failure(expected.get("fails"), mismatches);
        }
        // After these, all other mismatches are consequences.
        if (mismatches.isEmpty()) {
            mismatches.addAll(answer().against(expected));
            expected.get("nodes").fields().forEach(node -> arrived(node, mismatches));
            order(expected.get("order"), mismatches);
        }
        return mismatches.stream().distinct().toList();
    }

    private Message answer() {
        return new Message(
                "the answer",
                StepCall.body(exchange),
                exchange.getMessage().getHeaders(),
                exchange.getVariables(),
                List.of());
    }

    private void failure(Part expected, List<Mismatch> mismatches) {
        Exception failure = exchange.getException();
        if (expected.isThere()) {
            String chain = failure == null ? "no failure" : chain(failure);
            if (!chain.contains(expected.text())) {
                mismatches.add(Mismatch.of(expected, "the failure of the route", expected.value(), Json.text(chain)));
            }
        } else if (failure != null) {
            mismatches.add(new Mismatch(
                    of.expected().place().inLine(),
                    "the route failed; add 'fails' if this is expected",
                    chain(failure)
                            .lines()
                            .map(Diff::shortened)
                            .map(line -> "+ " + line)
                            .toList()));
        }
    }

    /** The failure and its causes, one per line, as {@code class: message}. */
    private static String chain(Exception failure) {
        return Causes.of(failure).map(Throwable::toString).collect(Collectors.joining("\n"));
    }

    private void arrived(Part node, List<Mismatch> mismatches) {
        List<StepCall> arrivals = run.at(node.key());
        String step = "step " + node.key();
        if (node.value().isArray()) {
            if (count(node, step, node.items().size(), arrivals, mismatches)) {
                for (int i = 0; i < arrivals.size(); i++) {
                    mismatches.addAll(Message.of("call " + (i + 1) + " to " + node.key(), arrivals.get(i))
                            .against(node.items().get(i)));
                }
            }
            return;
        }
        if (node.has("calls")
                && !count(node.get("calls"), step, node.get("calls").value().intValue(), arrivals, mismatches)) {
            return;
        }
        if (node.has("in-any-order")) {
            anyOrder(node.get("in-any-order"), step, arrivals, mismatches);
        }
        if (arrivals.isEmpty() && !node.has("calls") && !node.has("in-any-order")) {
            mismatches.add(Mismatch.of(node, step + " was not called"));
        }
        for (StepCall arrival : arrivals) {
            mismatches.addAll(Message.of("a call to " + node.key(), arrival).against(node));
        }
    }

    private static boolean count(
            Part place, String step, int expected, List<StepCall> arrivals, List<Mismatch> mismatches) {
        if (expected != arrivals.size()) {
            mismatches.add(
                    Mismatch.of(place, "the number of calls to " + step, Json.of(expected), Json.of(arrivals.size())));
        }
        return expected == arrivals.size();
    }

    private static void anyOrder(Part wanted, String step, List<StepCall> arrivals, List<Mismatch> mismatches) {
        if (!count(wanted, step, wanted.items().size(), arrivals, mismatches)) {
            return;
        }
        List<StepCall> left = new ArrayList<>(arrivals);
        for (Part one : wanted.items()) {
            left.stream()
                    .filter(arrival -> Message.of("", arrival).against(one).isEmpty())
                    .findFirst()
                    .ifPresentOrElse(
                            left::remove,
                            () -> mismatches.add(Mismatch.of(
                                    one,
                                    "no call to " + step + " matches",
                                    one.value(),
                                    Json.of(left.stream().map(StepCall::body).toList()))));
        }
    }

    private void order(Part expected, List<Mismatch> mismatches) {
        if (expected.isThere()) {
            Set<String> named = new LinkedHashSet<>();
            expected.items().forEach(node -> named.add(node.text()));
            JsonNode called =
                    Json.of(run.called().stream().filter(named::contains).toList());
            if (!expected.value().equals(called)) {
                mismatches.add(Mismatch.of(expected, "the order of steps", expected.value(), called));
            }
        }
    }
}
