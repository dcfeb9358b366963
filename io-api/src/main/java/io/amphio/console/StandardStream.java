package io.amphio.console;

/** One of the three streams that every process is given. */
public enum StandardStream {
    /** Standard input. */
    INPUT(0),
    /** Standard output. */
    OUTPUT(1),
    /** Standard error output. */
    ERROR(2);

    private final int number;

    StandardStream(int number) {
        this.number = number;
    }

    /** Returns the system's number of its descriptor. */
    public int number() {
        return number;
    }
}
