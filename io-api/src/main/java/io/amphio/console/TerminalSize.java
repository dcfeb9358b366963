package io.amphio.console;

/**
 * How much a terminal shows.
 *
 * @param columns how wide it is, in characters
 * @param rows how high it is, in lines; 0 if that is not known
 */
public record TerminalSize(int columns, int rows) {}
