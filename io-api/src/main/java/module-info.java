/** One {@code Io} interface for code that waits, and everything of it that no implementation owns. */
module io.amphio {
    requires transitive io.vavr;
    requires static transitive org.jspecify;
    requires jdk.unsupported; // sun.misc.Signal, by reflection: signals, and that INT and TERM cancel the main task
    requires static transitive java.logging; // who takes QueuedHandler has it
    requires java.management; // what a thread has computed

    exports io.amphio;
    exports io.amphio.console;
    exports io.amphio.fs;
    exports io.amphio.logging;
    exports io.amphio.net;
    exports io.amphio.process;
    exports io.amphio.spi;
    exports io.amphio.spi.files;
    exports io.amphio.spi.forwarding;
    exports io.amphio.spi.names;
    exports io.amphio.spi.process;
    exports io.amphio.stream;
    exports io.amphio.sync;
    exports io.amphio.time;
    exports io.amphio.tls;

    uses io.amphio.spi.IoProvider;
}
