package org.colleaguesearch.settings;

import java.io.IOException;
import java.nio.file.Path;
import org.colleaguesearch.yaml.Problem;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * What is wrong with a setting.
 *
 * @param key of the setting; empty: it is about none
 * @param origin where it is given, or null
 * @param remedy what to do, where that is not a part of {@code what}
 */
public record SettingProblem(String key, String what, Origin origin, String remedy) {
    /** What is no setting's, or says itself which. */
    public static SettingProblem plain(String text) {
        return new SettingProblem("", text, null, "");
    }

    /** In a line that is safe for a terminal: with {@code file:line:column}, where it is given in a file. */
    @Override
    public String toString() {
        Origin given = origin instanceof OriginProvider source ? source.getOrigin() : origin;
        if (given instanceof TextResourceOrigin place && place.getLocation() != null) {
            try {
                Path here = Path.of("").toAbsolutePath();
                Path file = here.relativize(
                                place.getResource().getFile().toPath().toAbsolutePath())
                        .normalize();
                int line = place.getLocation().getLine() + 1;
                return new Problem(file, line, place.getLocation().getColumn() + 1, what + remedy).toString();
            } catch (IOException e) {
                // In the jar, say: then it is named as Spring names it.
                return named();
            }
        }
        return named();
    }

    private String named() {
        return Problem.printable(
                remedy.isEmpty() || origin == null ? what + remedy : what + " (" + origin + ")" + remedy);
    }
}
