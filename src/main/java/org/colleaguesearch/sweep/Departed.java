package org.colleaguesearch.sweep;

import java.util.List;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;

/**
 * Who is in the index and no longer active.
 *
 * @param ids of the people
 * @param indexed how many people the index has in all
 */
public record Departed(List<String> ids, long indexed, Settings.Sweep settings) {
    static final int SHOWN = 20;

    public boolean isNobody() {
        return ids.isEmpty();
    }

    /** Those of them whom the demo made up, who need no protection. */
    Departed madeUp() {
        return new Departed(ids.stream().filter(Person::isMadeUp).toList(), indexed, settings);
    }

    /** The others of them, among the people whom the index has without the made-up ones. */
    Departed real() {
        List<String> real = ids.stream().filter(id -> !Person.isMadeUp(id)).toList();
        return new Departed(real, indexed - (ids.size() - real.size()), settings);
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
        return "%d of %d people in the index are no longer active: %s".formatted(ids.size(), indexed, some(ids));
    }

    /** The first ids, for the log. An id may hold anything: a line break must not start a new line of the log. */
    static String some(List<String> ids) {
        return String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size()))).replaceAll("\\p{Cntrl}", "?")
                + (ids.size() > SHOWN ? ", …" : "");
    }
}
