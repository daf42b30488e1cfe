package org.colleaguesearch.tooling.check;

/** Where in an expression or program it does not compile, counted from 1, and why, in a line. */
public record WrongExpression(int line, int column, String text) {
    /** At a letter, counted from 0. */
    static WrongExpression at(String program, int letter, String text) {
        String before = program.substring(0, Math.clamp(letter, 0, program.length()));
        int line = (int) before.chars().filter(one -> one == '\n').count() + 1;
        return new WrongExpression(line, before.length() - before.lastIndexOf('\n'), text);
    }
}
