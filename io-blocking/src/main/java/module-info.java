/** The {@code Io} that blocks platform threads. */
module io.amphio.blocking {
    requires transitive io.amphio;
    requires static transitive org.jspecify;

    exports io.amphio.blocking;

    provides io.amphio.spi.IoProvider with
            io.amphio.blocking.BlockingIoProvider;
}
