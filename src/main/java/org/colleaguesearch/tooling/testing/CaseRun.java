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
 * A case that runs: which steps were called, with what, and which answers are used. The threads of the route tell it, all
 * under its lock.
 */
final class CaseRun {
    private final RouteCase of;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Set<Arrival> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Turns turns = new Turns();
    private final Set<Mismatch> problems = new LinkedHashSet<>();
    private final Failures failures = new Failures();
    private Throwable end;

    CaseRun(RouteCase of) {
        this.of = of;
    }

    /** Notes that a step is called. */
    synchronized Arrival arrive(String node, Exchange exchange) {
        Arrival arrival = Arrival.of(node, exchange, of.isAbout(node));
        arrivals.add(arrival);
        underWay.add(arrival);
        return arrival;
    }

    /** Notes that a step has ended. */
    synchronized void leave(Arrival arrival, Exchange exchange) {
        underWay.remove(arrival);
        arrival.leave(exchange);
        // What the case does not answer is told as such.
        if (exchange.getException() != null && !(exchange.getException() instanceof Unanswered)) {
            failures.add(arrival.node(), exchange.getException());
        }
    }

    /** Notes that the route has ended. {@code failure}: what it failed with, or null. */
    synchronized void end(Throwable failure) {
        end = failure;
    }

    /** A line each of the failures of steps, but for the one that the route has ended with. */
    synchronized List<String> handled() {
        return List.copyOf(failures.handled(end));
    }

    /**
     * The answer that takes the place of a step, if one is to.
     *
     * @param isHttpStep whether the step itself makes an HTTP call, which will get its answer
     * @throws Unanswered when it has answers, but none for this call
     */
    synchronized Optional<Answer> answer(Arrival arrival, boolean isHttpStep) {
        List<Answer> all = of.answersOf(arrival.node());
        Optional<Answer> next = turns.next(all, arrival.text());
        if (next.isEmpty() && all.stream().anyMatch(answer -> !answer.isOfHttp(isHttpStep))) {
            throw unfit(arrival.node(), Json.compact(arrival.body()));
        }
        Optional<Answer> own = next.filter(answer -> !answer.isOfHttp(isHttpStep));
        own.ifPresent(turns::take);
        return own;
    }

    /** The answer to an HTTP call that a step makes, if it has one. */
    synchronized Optional<Answer> httpAnswer(Arrival arrival, String request) {
        List<Answer> all = of.answersOf(arrival.node()).stream()
                .filter(answer -> answer.failure() == null)
                .toList();
        Optional<Answer> next = turns.next(all, request + "\n" + arrival.text());
        next.ifPresent(turns::take);
        return next;
    }

    /**
     * Notes a call of something outside that the case does not answer: it fails, whatever the route makes of that.
     *
     * @param answer what to write, for example
     */
    synchronized Unanswered unanswered(String node, String call, String answer) {
        return noted(Mismatch.unanswered(of, node, call, answer));
    }

    /** Whether a step has answers to HTTP calls, so that one which gets none differs from what the case says. */
    synchronized boolean isAnswered(Arrival arrival) {
        return of.answersOf(arrival.node()).stream().anyMatch(answer -> answer.failure() == null);
    }

    /** Notes a call of a step that has answers, for other calls: it fails, too. */
    synchronized Unanswered unfit(String node, String call) {
        return noted(Mismatch.unfit(of, node, call));
    }

    private Unanswered noted(Mismatch problem) {
        problems.add(problem);
        return new Unanswered(problem.what());
    }

    synchronized List<Mismatch> problems() {
        return List.copyOf(problems);
    }

    /** The steps that have not ended, outermost first. */
    synchronized List<String> underWay() {
        return arrivals.stream().filter(underWay::contains).map(Arrival::node).toList();
    }

    /** The step that was called last of those that have not ended. */
    synchronized String innermost() {
        return underWay().isEmpty() ? of.route() : underWay().getLast();
    }

    /** All steps that were called, in order. */
    synchronized List<String> called() {
        return arrivals.stream().map(Arrival::node).toList();
    }

    synchronized List<Arrival> at(String node) {
        return arrivals.stream().filter(arrival -> arrival.node().equals(node)).toList();
    }

    /** A line a call of the steps that the case is about, in order. */
    synchronized List<String> shown() {
        return arrivals.stream()
                .filter(arrival -> arrival.body() != null)
                .map(arrival -> arrival.node() + ": " + Diff.shortened(Json.compact(arrival.body()))
                        + (arrival.http().isEmpty() ? "" : " → " + String.join(", ", arrival.http())))
                .toList();
    }
}
