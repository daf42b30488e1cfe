package org.colleaguesearch.tooling.dryrun;

/** Texts that a terminal can be given, whoever wrote them. */
final class Printable {
    private Printable() {}

    /**
     * The text with what a terminal would obey, or show nothing of, written as JSON's {@code \}{@code uXXXX}: control
     * characters, line breaks among them, changes of direction, halves of characters.
     */
    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                printable.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    printable.append("\\u%04x".formatted((int) half));
                }
            }
        });
        return printable.toString();
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** How many columns of a terminal a character takes: none where it goes on the one before it, two for East Asian. */
    static int columns(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL -> 2;
            default -> codePoint >= 0x1F300 && codePoint <= 0x1FAFF ? 2 : 1;
        };
    }
}
