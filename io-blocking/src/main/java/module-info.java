/** The {@code Io} that blocks platform threads. */
module io.amphio.blocking {
    requires transitive io.amphio;
    requires static transitive org.jspecify;
}
