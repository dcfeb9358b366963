/** The {@code Io} that parks coroutines on event loops. */
module io.amphio.evented {
    requires transitive io.amphio;
    requires static transitive org.jspecify;
}
