package org.colleaguesearch.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.colleaguesearch.failure.StartFailure;

/**
 * A user to run OpenSearch as, since it refuses to run as root.
 *
 * @param name shown in the log
 * @param probe a command that exits with 0 where this mode works
 * @param prefix put before the command
 * @param owner the user id that must own the files that OpenSearch writes; empty: keep the owner
 */
record RunAs(String name, List<String> probe, List<String> prefix, OptionalInt owner) {
    private static final int NOBODY = 65_534;

    static final RunAs AS_IT_IS =
            new RunAs("as this user", List.of("sh", "-c", "[ \"$(id -u)\" -ne 0 ]"), List.of(), OptionalInt.empty());

    /** Root under another id without its privileges; can still read a distribution in a private home folder. */
    static final RunAs USER_NAMESPACE =
            prefixed("in a user namespace", List.of("unshare", "--user", "--map-user=1000", "--map-group=1000"), 0);

    /** For machines without user namespaces. */
    static final RunAs NOBODY_USER = prefixed(
            "as user 65534",
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs"),
            NOBODY);

    /** In order of preference. */
    static final List<RunAs> ALL = List.of(AS_IT_IS, USER_NAMESPACE, NOBODY_USER);

    private static RunAs prefixed(String name, List<String> prefix, int owner) {
        return new RunAs(name, append(prefix, "true"), prefix, OptionalInt.of(owner));
    }

    /** @throws StartFailure if none of the modes works */
    static RunAs choose(List<RunAs> modes, Predicate<List<String>> probe) {
        return modes.stream()
                .filter(user -> probe.test(user.probe()))
                .findFirst()
                .orElseThrow(() -> new StartFailure("OpenSearch does not run as root, and neither unshare (user"
                        + " namespaces) nor setpriv works here: run Colleague Search as an ordinary user, or set"
                        + " colleagues.opensearch.url to a running OpenSearch"));
    }

    /** @throws StartFailure if the user that OpenSearch runs as cannot access the files it needs */
    void checkAccess(Distribution distribution, DataFolder folder) {
        if (!can("-r", distribution.program())) {
            throw new StartFailure("OpenSearch cannot read " + distribution.home() + " when started " + name
                    + ": set colleagues.opensearch.embedded.home to a distribution in a folder readable to all users");
        }
        if (!can("-x", Launch.java())) {
            throw new StartFailure("OpenSearch cannot execute " + Launch.java() + " when started " + name
                    + ": run Colleague Search with a JDK in a folder readable to all users");
        }
        if (!can("-w", folder.store())) {
            throw new StartFailure("colleagues.opensearch.embedded.data=" + folder.path()
                    + ": OpenSearch cannot write there when started "
                    + name
                    + "; let other users traverse the parent folders (chmod o+x), or set it to a"
                    + " folder that this user can access");
        }
    }

    private boolean can(String access, Path path) {
        return Probe.succeeds(append(prefix, "test", access, path.toString()));
    }

    private static List<String> append(List<String> prefix, String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return List.copyOf(all);
    }
}
