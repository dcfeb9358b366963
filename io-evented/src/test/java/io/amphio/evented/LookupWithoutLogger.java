package io.amphio.evented;

import io.amphio.IoRuntime;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.NameServers;
import io.amphio.net.ResolverOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** The program that {@link QuietLookupTest} starts: it asks a server that is not there. */
final class LookupWithoutLogger {
    private LookupWithoutLogger() {}

    public static void main(String[] args) throws Exception {
        NameServers nobody = NameServers.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        ResolverOptions names = ResolverOptions.OWN.withNameServers(nobody).withHosts(Map.of());
        try (IoRuntime runtime = EventedIo.open(EventedOptions.DEFAULT.withResolver(names))) {
            runtime.run(io -> {
                try {
                    io.net().lookup(io, HostName.of("some.example"));
                } catch (LookupException told) {
                    System.out.println(told.reason());
                }
            });
        }
        System.out.println(System.getProperty("slf4j.internal.verbosity"));
    }
}
