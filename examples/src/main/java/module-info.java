/** Small programs to copy, started by {@code ./demo NAME}. */
module io.amphio.examples {
    requires info.picocli;
    requires io.amphio;
    requires static org.jspecify;

    opens io.amphio.examples to
            info.picocli;
}
