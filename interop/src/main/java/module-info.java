/** Adapters between Amphio and the Java ecosystem. */
module io.amphio.interop {
    requires transitive io.amphio;
    requires io.amphio.blocking;
    requires io.amphio.evented;
    requires org.eclipse.jetty.http;
    requires static transitive java.sql; // of whoever uses .jdbc
    requires static transitive org.jspecify;

    exports io.amphio.interop.concurrent;
    exports io.amphio.interop.flow;
    exports io.amphio.interop.http;
    exports io.amphio.interop.jdbc;
    exports io.amphio.interop.streams;
}
