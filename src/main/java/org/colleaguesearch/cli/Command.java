package org.colleaguesearch.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be asked for on the command line. */
enum Command {
    /** Runs until it is stopped. */
    SERVICE("", "", 0, ""),
    ONCE("--once", "", 0, ""),
    RETRY_ERRORS("--retry-errors", "BATCH", 1, ""),
    DRY_RUN("--dry-run", "INDEXER", 1, "--limit"),
    MAKE_KEY("--make-key", "NAME", 1, "--scopes"),
    CHECK("--check", "[FILE…]", 10_000, ""),
    TEST("--test", "[FILE…]", 10_000, ""),
    HELP("--help", "", 0, "");

    private final String word;
    private final String takes;
    private final int most;
    private final String option;

    /**
     * A command.
     *
     * @param takes what goes after the word, for people
     * @param most how many words go after it, at most
     * @param option that it has, with a value, or an empty text
     */
    Command(String word, String takes, int most, String option) {
        this.word = word;
        this.takes = takes;
        this.most = most;
        this.option = option;
    }

    /** Whether it does one thing and exits, with the routes of a batch. */
    boolean isBatch() {
        return this == ONCE || this == RETRY_ERRORS || this == DRY_RUN;
    }

    /** Whether it reads settings and routes of the folder it is started in. */
    boolean isOfFolder() {
        return this != MAKE_KEY && this != HELP;
    }

    String word() {
        return word;
    }

    int most() {
        return most;
    }

    boolean has(String name) {
        return !option.isEmpty() && option.equals(name);
    }

    /** All commands that a command line names. */
    static List<Command> in(List<String> words) {
        return Arrays.stream(values())
                .filter(command -> command != SERVICE && words.contains(command.word))
                .toList();
    }

    /** Whether a word is one that takes its value, or what it is about, from the word after it. */
    static boolean isFollowed(String word) {
        return Stream.of(values())
                .anyMatch(command -> command.has(word) || (command.most > 0 && command.word.equals(word)));
    }

    /** All commands, as they are written. */
    static String known() {
        return Arrays.stream(values())
                .filter(command -> command != SERVICE)
                .map(Command::written)
                .collect(Collectors.joining(", "));
    }

    private String written() {
        return word + (takes.isEmpty() ? "" : " " + takes) + (option.isEmpty() ? "" : " " + option + " …");
    }
}
