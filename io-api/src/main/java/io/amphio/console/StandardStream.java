package io.amphio.console;

/** One of the three streams that every process is given. */
public enum StandardStream {
    /** Standard input. */
    INPUT,
    /** Standard output. */
    OUTPUT,
    /** Standard error output. */
    ERROR;

    /** Returns the system's number of its descriptor. */
    public int number() {
        return ordinal();
    }
}
