package io.amphio.examples;

import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** An example that listens on a port of this machine until it is told to stop. */
public abstract class Service extends Example {
    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Where to listen on 127.0.0.1; 0 is any port that is free. Default: ${DEFAULT-VALUE}")
    int port;

    /** Creates a service whose options picocli sets. */
    protected Service() {}

    /** Returns the address that the options say. */
    protected final InetSocketAddress address() {
        if (port < 0 || port > 0xffff) {
            throw wrongOption("--port " + port + ": not a port; there are 0 (any that is free) to 65535");
        }
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** Says that the service can be used now: the one line that it prints. */
    protected static void ready(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
