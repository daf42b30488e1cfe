package org.colleaguesearch.tooling.testing;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which answers of a case have had their turn. Told and asked under the lock of {@link CaseRun}. */
final class Turns {
    private final Set<Answer> taken = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Of those that are for a call, the first that has not been taken yet; then the last of them, again and again. */
    Optional<Answer> next(List<Answer> answers, String call) {
        List<Answer> fitting =
                answers.stream().filter(answer -> answer.isFor(call)).toList();
        return fitting.stream()
                .filter(answer -> !taken.contains(answer))
                .findFirst()
                .or(() -> fitting.reversed().stream().findFirst());
    }

    void take(Answer answer) {
        taken.add(answer);
    }
}
