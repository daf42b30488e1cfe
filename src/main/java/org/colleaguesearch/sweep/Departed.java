package org.colleaguesearch.sweep;

import java.util.List;
import org.colleaguesearch.settings.Settings;

/**
 * Who is in the index and no longer active.
 *
 * @param ids of the people
 * @param indexed how many people the index has in all
 */
public record Departed(List<String> ids, long indexed, Settings.Sweep settings) {
    private static final int SHOWN = 20;

    public boolean isNobody() {
        return ids.isEmpty();
    }

    /** Whether so many would go that the list of people is more likely to be wrong. */
    public boolean isTooMany() {
        return ids.size() > settings.maxPeople() && ids.size() > settings.maxShare() * indexed;
    }

    public boolean isDryRun() {
        return settings.mode() == Settings.SweepMode.DRY_RUN;
    }

    /** One line for the log. */
    @Override
    public String toString() {
        // An id may hold anything, a line break too, which must not make a line of its own in the log.
        String some =
                String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size()))).replaceAll("\\p{Cntrl}", "?");
        return "%d of %d people in the index are no longer active: %s%s"
                .formatted(ids.size(), indexed, some, ids.size() > SHOWN ? ", …" : "");
    }
}
