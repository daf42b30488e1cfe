package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern ENTRY =
            Pattern.compile("machine 127\\.0\\.0\\.1 login " + USER + " password ([A-Za-z0-9_-]{40,})");

    static Login make() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return new Login(
                USER, Secret.valueOf(Base64.getUrlEncoder().withoutPadding().encodeToString(random)));
    }

    /** That of a file; empty if there is none, or one that says nothing of use. */
    static Optional<Login> read(Path file) {
        try {
            Matcher entry = ENTRY.matcher(Files.readString(file));
            return entry.find() ? Optional.of(new Login(USER, Secret.valueOf(entry.group(1)))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
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
