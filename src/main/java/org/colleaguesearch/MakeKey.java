package org.colleaguesearch;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.web.NewKey;

/** The command that makes a key for the API. It starts nothing and keeps nothing. */
final class MakeKey {
    static final String COMMAND = "--make-key";

    private static final String SCOPES = "--scopes";
    private static final String USE = COMMAND + " takes a name of letters, digits, - and _ (up to 64), and " + SCOPES
            + " some of search, export and operate: " + COMMAND + " ada " + SCOPES + " search,export";

    private MakeKey() {}

    static CommandLine answer(String[] arguments) {
        List<String> words = Arrays.stream(arguments)
                .flatMap(argument -> Arrays.stream(argument.split("=", 2)))
                .toList();
        Set<Scope> scopes = words.size() == 4 ? scopes(after(SCOPES, words)) : EnumSet.noneOf(Scope.class);
        String name = after(COMMAND, words);
        if (scopes.isEmpty() || !name.matches(Settings.Key.NAME)) {
            return CommandLine.invalid(USE);
        }
        NewKey key = NewKey.make(name, scopes);
        return new CommandLine(false, null, true, """
                The key, which is shown this once:

                  X-API-Key: %s

                What lets it in, for application.yml:

                %s""".formatted(key.text(), key.settings()), List.of());
    }

    private static String after(String option, List<String> words) {
        int at = words.indexOf(option);
        return at < 0 || at + 1 == words.size() ? "" : words.get(at + 1);
    }

    /** None if one is no scope. */
    private static Set<Scope> scopes(String names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names.split(",", -1)) {
            try {
                scopes.add(Scope.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                return EnumSet.noneOf(Scope.class);
            }
        }
        return scopes;
    }
}
