package org.colleaguesearch.tooling.dryrun;

/** Makes untrusted text safe to print on a terminal. */
final class Printable {
    private Printable() {}

    /**
     * The text, with characters that a terminal would interpret or not show escaped as in JSON,
     * {@code \}{@code uXXXX}: control characters including line breaks, changes of direction, unpaired surrogates.
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

    /** The width of a character in terminal columns: 0 for combining marks, 2 for East Asian characters. */
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
