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
 * The user and the random password of an embedded OpenSearch. They are stored in netrc format, so that curl and other
 * tools need no password on the command line. Only the file's owner can read it.
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

    /** The digest that lets the child verify this login without knowing the password. */
    String admission() {
        return Admission.of(user + ":" + password.reveal());
    }

    /** The value of the header {@code Authorization}. */
    public String authorization() {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8));
    }
}
