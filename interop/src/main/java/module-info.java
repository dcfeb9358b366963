/** Adapters between Amphio and the Java ecosystem. */
module io.amphio.interop {
    requires transitive io.amphio;
    requires org.eclipse.jetty.http;
    requires static transitive org.jspecify;
}
