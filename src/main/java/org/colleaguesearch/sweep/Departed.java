package org.colleaguesearch.sweep;

import java.util.List;
import org.colleaguesearch.demo.MadeUp;
import org.colleaguesearch.settings.Settings;

/**
 * The people who are in the index but no longer active.
 *
 * @param ids their ids
 * @param indexed the number of people in the index
 */
public record Departed(List<String> ids, long indexed, Settings.Sweep settings) {
    static final int SHOWN = 20;

    public boolean isNobody() {
        return ids.isEmpty();
    }

    /** The made-up people of the demo among them, who need no protection. */
    Departed madeUp() {
        return new Departed(ids.stream().filter(MadeUp::is).toList(), indexed, settings);
    }

    /** The real people among them; the made-up ones do not count as indexed either. */
    Departed real() {
        List<String> real = ids.stream().filter(id -> !MadeUp.is(id)).toList();
        return new Departed(real, indexed - (ids.size() - real.size()), settings);
    }

    /** Whether they are so many that the list of people is more likely to be wrong. */
    public boolean isTooMany() {
        return ids.size() > settings.maxPeople() && ids.size() > settings.maxShare() * indexed;
    }

    public boolean isDryRun() {
        return settings.mode() == Settings.SweepMode.DRY_RUN;
    }

    /** One line for the log. */
    @Override
    public String toString() {
        return "%d of %d people in the index are no longer active: %s".formatted(ids.size(), indexed, some(ids));
    }

    /** The first ids, for the log. Control characters are replaced: a line break in an id must not forge a log line. */
    static String some(List<String> ids) {
        return String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size()))).replaceAll("\\p{Cntrl}", "?")
                + (ids.size() > SHOWN ? ", …" : "");
    }
}
