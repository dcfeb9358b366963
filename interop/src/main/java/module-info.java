/** Adapters between Amphio and the Java ecosystem. */
module io.amphio.interop {
    requires transitive io.amphio;
    requires io.amphio.blocking;
    requires io.amphio.evented;
    requires com.sun.jna;
    requires org.eclipse.jetty.http;
    requires static transitive org.jspecify;

    exports io.amphio.interop.fd;
    exports io.amphio.interop.hiredis;
    exports io.amphio.interop.http;
    exports io.amphio.interop.libpq;

    // Their callbacks, which JNA finds by reflection.
    opens io.amphio.interop.hiredis to
            com.sun.jna;
    opens io.amphio.interop.libpq to
            com.sun.jna;
}
