package org.colleaguesearch.tooling.check;

/** A compile error of an expression or program: line and column, counted from 1, and a one-line message. */
public record WrongExpression(int line, int column, String text) {
    /** The error at a character, counted from 0. */
    static WrongExpression at(String program, int letter, String text) {
        String before = program.substring(0, Math.clamp(letter, 0, program.length()));
        int line = (int) before.chars().filter(one -> one == '\n').count() + 1;
        return new WrongExpression(line, before.length() - before.lastIndexOf('\n'), text);
    }
}
