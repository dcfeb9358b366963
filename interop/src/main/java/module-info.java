/** Adapters between Amphio and the Java ecosystem. */
@SuppressWarnings("requires-automatic") // Micrometer is no module yet
module io.amphio.interop {
    requires transitive io.amphio;
    requires io.amphio.blocking;
    requires io.amphio.evented;
    requires com.sun.jna;
    requires org.eclipse.jetty.http;
    // Of whoever uses the package that is named after it, and of nobody else:
    requires static micrometer.core;
    requires static org.junit.jupiter.api;
    requires static org.slf4j;
    requires static transitive java.sql;
    requires static transitive org.jspecify;

    exports io.amphio.interop.concurrent;
    exports io.amphio.interop.context;
    exports io.amphio.interop.fd;
    exports io.amphio.interop.flow;
    exports io.amphio.interop.hiredis;
    exports io.amphio.interop.http;
    exports io.amphio.interop.jdbc;
    exports io.amphio.interop.junit;
    exports io.amphio.interop.libpq;
    exports io.amphio.interop.metrics;
    exports io.amphio.interop.streams;
    exports io.amphio.interop.vavr;

    // Their callbacks, which JNA finds by reflection.
    opens io.amphio.interop.hiredis to
            com.sun.jna;
    opens io.amphio.interop.libpq to
            com.sun.jna;
    opens io.amphio.interop.junit; // JUnit creates its extension

    uses io.amphio.spi.IoProvider;
}
