package org.colleaguesearch.cli;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.web.NewKey;

/** The command that makes a key for the API. It starts nothing and keeps nothing. */
final class MakeKey {
    private static final String USE =
            "--make-key takes a name of letters, digits, - and _ (up to 64), and --scopes some of"
                    + " search, export and operate: --make-key ada --scopes search,export";

    private MakeKey() {}

    /**
     * What there is to say to whoever asked.
     *
     * @throws WrongUsage without a name or scopes
     */
    static String answer(CommandLine line) {
        Set<Scope> scopes = scopes(line.options().getOrDefault("--scopes", ""));
        if (scopes.isEmpty() || !line.settings().isEmpty() || !line.operand().matches(Settings.Key.NAME)) {
            throw new WrongUsage(USE);
        }
        NewKey key = NewKey.make(line.operand(), scopes);
        return """
                The key, which is shown this once:

                  X-API-Key: %s

                What lets it in, for application.yml:

                %s""".formatted(key.text(), key.settings());
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
