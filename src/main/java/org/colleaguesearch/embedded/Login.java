package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.colleaguesearch.embedded.plugin.Admission;
import org.colleaguesearch.settings.OwnerFile;
import org.colleaguesearch.settings.Secret;

/**
 * The user and the random password that an embedded OpenSearch asks for. Its file is one of netrc's, so that curl and
 * others take it from there, and no password is in a command line. Only the file's owner can read it.
 */
public record Login(String user, Secret password) {
    private static final String USER = "colleague-search";
    private static final int PASSWORD_BYTES = 32;

    static Login make() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return new Login(
                USER, Secret.valueOf(Base64.getUrlEncoder().withoutPadding().encodeToString(random)));
    }

    void write(Path file) throws IOException {
        String entry = " login " + user + " password " + password.reveal() + "\n";
        OwnerFile.write(file, "machine 127.0.0.1" + entry + "machine localhost" + entry);
    }

    /** What the child is given, which tells it this login from others, but not the password. */
    String admission() {
        return Admission.of(user + ":" + password.reveal());
    }

    /** The value of the header {@code Authorization}. */
    public String authorization() {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8));
    }
}
