package org.colleaguesearch.tooling.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * The state of a running case: which steps were called, with which messages, and which answers are used. The threads of
 * the route report to it, all under its lock.
 */
final class CaseRun {
    private final RouteCase of;
    private final List<StepCall> arrivals = new ArrayList<>();
    private final Set<StepCall> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Turns turns = new Turns();
    private final Set<Mismatch> problems = new LinkedHashSet<>();
    private final Failures failures = new Failures();
    private Throwable end;

    CaseRun(RouteCase of) {
        this.of = of;
    }

    /** Records a call of a step. */
    synchronized StepCall arrive(String node, Exchange exchange) {
        StepCall arrival = StepCall.of(node, exchange, of.isAbout(node));
        arrivals.add(arrival);
        underWay.add(arrival);
        return arrival;
    }

    /** Records that a step has finished. */
    synchronized void leave(StepCall arrival, Exchange exchange) {
        underWay.remove(arrival);
        arrival.leave(exchange);
        // An unanswered call is already reported as a problem.
        if (exchange.getException() != null && !(exchange.getException() instanceof UnansweredCall)) {
            failures.add(arrival.node(), exchange.getException());
        }
    }

    /** Records that the route has finished. {@code failure}: the failure of the route, or null. */
    synchronized void end(Throwable failure) {
        end = failure;
    }

    /** One line per failure of a step, except the failure of the route. */
    synchronized List<String> handled() {
        return List.copyOf(failures.handled(end));
    }

    /**
     * The answer that replaces a step, if any.
     *
     * @param isHttpStep whether the step itself makes an HTTP call, which then gets the answer
     * @throws UnansweredCall when the step has answers, but none matches this call
     */
    synchronized Optional<Answer> answer(StepCall arrival, boolean isHttpStep) {
        List<Answer> all = of.answersOf(arrival.node());
        Optional<Answer> next = turns.next(all, arrival.text());
        if (next.isEmpty() && all.stream().anyMatch(answer -> !answer.isOfHttp(isHttpStep))) {
            throw unfit(arrival.node(), Json.compact(arrival.body()));
        }
        Optional<Answer> own = next.filter(answer -> !answer.isOfHttp(isHttpStep));
        own.ifPresent(turns::take);
        return own;
    }

    /** The step's answer to an HTTP call, if any. */
    synchronized Optional<Answer> httpAnswer(StepCall arrival, String request) {
        List<Answer> all = of.answersOf(arrival.node()).stream()
                .filter(answer -> answer.failure() == null)
                .toList();
        Optional<Answer> next = turns.next(all, request + "\n" + arrival.text());
        next.ifPresent(turns::take);
        return next;
    }

    /**
     * Records an external call that the case does not answer. The case fails, however the route handles that.
     *
     * @param answer an example of an answer to add
     */
    synchronized UnansweredCall unanswered(String node, String call, String answer) {
        return noted(Mismatch.unanswered(of, node, call, answer));
    }

    /** Whether a step has answers to HTTP calls, so that a call without one matches none of them. */
    synchronized boolean isAnswered(StepCall arrival) {
        return of.answersOf(arrival.node()).stream().anyMatch(answer -> answer.failure() == null);
    }

    /** Records a call that matches none of the step's answers. The case fails. */
    synchronized UnansweredCall unfit(String node, String call) {
        return noted(Mismatch.unfit(of, node, call));
    }

    private UnansweredCall noted(Mismatch problem) {
        problems.add(problem);
        return new UnansweredCall(problem.what());
    }

    synchronized List<Mismatch> problems() {
        return List.copyOf(problems);
    }

    /** The unfinished steps, outermost first. */
    synchronized List<String> underWay() {
        return arrivals.stream().filter(underWay::contains).map(StepCall::node).toList();
    }

    /** The last called of the unfinished steps. */
    synchronized String innermost() {
        return underWay().isEmpty() ? of.route() : underWay().getLast();
    }

    /** The called steps, in order. */
    synchronized List<String> called() {
        return arrivals.stream().map(StepCall::node).toList();
    }

    synchronized List<StepCall> at(String node) {
        return arrivals.stream().filter(arrival -> arrival.node().equals(node)).toList();
    }

    /** One line per call of the steps that the case names, in order. */
    synchronized List<String> shown() {
        return arrivals.stream()
                .filter(arrival -> arrival.body() != null)
                .map(arrival -> arrival.node() + ": " + Diff.shortened(Json.compact(arrival.body()))
                        + (arrival.http().isEmpty() ? "" : " → " + String.join(", ", arrival.http())))
                .toList();
    }
}
