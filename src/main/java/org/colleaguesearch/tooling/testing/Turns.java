package org.colleaguesearch.tooling.testing;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which answers of a case have been used. Guarded by the lock of {@link CaseRun}. */
final class Turns {
    private final Set<Answer> taken = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The first unused answer that matches the call; once all are used, the last one. */
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
