/** The {@code Io} that parks coroutines on event loops. */
module io.amphio.evented {
    requires transitive io.amphio;
    requires static transitive org.jspecify;
    requires com.sun.jna;
    requires org.dnsjava;
    requires static java.instrument; // there whenever our jar is the agent

    exports io.amphio.evented;
    exports io.amphio.evented.coro;
    exports io.amphio.evented.loop;
    exports io.amphio.evented.sim;
    exports io.amphio.evented.agent to
            java.instrument;

    provides io.amphio.spi.IoProvider with
            io.amphio.evented.EventedIoProvider;
}
