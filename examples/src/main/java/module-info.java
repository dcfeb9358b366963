/** Small programs to copy, started by {@code ./demo NAME}. */
module io.amphio.examples {
    requires com.google.gson;
    requires com.zaxxer.hikari;
    requires info.picocli;
    requires io.amphio;
    requires io.amphio.evented; // its simulation
    requires io.amphio.interop;
    requires io.vavr;
    requires java.sql;
    requires static org.jspecify;

    opens io.amphio.examples to
            info.picocli;
    opens io.amphio.examples.notes to
            com.google.gson,
            info.picocli;
    opens io.amphio.examples.redis to
            info.picocli;
}
