package io.amphio.net;

import io.vavr.control.Option;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who looks up names: this library, on its own sockets, or the system.
 *
 * <p>Our own reads {@code resolv.conf} and {@code hosts}, and again when they change, unless it is told what would be in them.
 * It takes no thread, is canceled at once, and knows neither {@code nsswitch.conf} nor what that may add (mDNS, LDAP). The system's
 * knows all that; it takes a thread for each lookup, which goes on, for nobody, when the lookup is canceled.
 *
 * @param kind whose resolver; what follows is for our own
 * @param resolvConf where the servers are told
 * @param hostsFile where addresses are told
 * @param nameServers the servers, instead of those in a file
 * @param hosts addresses, instead of those in a file; each name has at least one
 * @param cacheEntries how many answers are kept, 0 or more
 */
public record ResolverOptions(
        Kind kind,
        Path resolvConf,
        Path hostsFile,
        Option<NameServers> nameServers,
        Option<Map<HostName, List<InetAddress>>> hosts,
        int cacheEntries) {
    /** Whose resolver. */
    public enum Kind {
        /** This library's. */
        OWN,
        /** The system's, as the JDK asks it. */
        SYSTEM
    }

    private static final int CACHE_ENTRIES = 1_000;

    /** Our own, with the files of a Unix system in {@code /etc}. */
    public static final ResolverOptions OWN = new ResolverOptions(
            Kind.OWN, Path.of("/etc/resolv.conf"), Path.of("/etc/hosts"), Option.none(), Option.none(), CACHE_ENTRIES);

    /** The system's. */
    public static final ResolverOptions SYSTEM = OWN.withKind(Kind.SYSTEM);

    /** Our own where there is a {@code /etc/resolv.conf} when this class is loaded, else the system's. */
    public static final ResolverOptions DEFAULT = Files.exists(OWN.resolvConf) ? OWN : SYSTEM;

    /** Checks the number and copies the addresses. */
    public ResolverOptions {
        if (cacheEntries < 0) {
            throw new IllegalArgumentException("cacheEntries " + cacheEntries + ": it has to be 0 or more");
        }
        hosts = hosts.map(ResolverOptions::copy);
    }

    private static Map<HostName, List<InetAddress>> copy(Map<HostName, List<InetAddress>> hosts) {
        Map<HostName, List<InetAddress>> copy = new LinkedHashMap<>();
        hosts.forEach((name, addresses) -> {
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("hosts: " + name + " without an address");
            }
            copy.put(name, List.copyOf(addresses));
        });
        return java.util.Collections.unmodifiableMap(copy);
    }

    /** Returns these options with another resolver. */
    public ResolverOptions withKind(Kind newKind) {
        return new ResolverOptions(newKind, resolvConf, hostsFile, nameServers, hosts, cacheEntries);
    }

    /** Returns these options with the servers told by another file. */
    public ResolverOptions withResolvConf(Path file) {
        return new ResolverOptions(kind, file, hostsFile, Option.none(), hosts, cacheEntries);
    }

    /** Returns these options with addresses told by another file. */
    public ResolverOptions withHostsFile(Path file) {
        return new ResolverOptions(kind, resolvConf, file, nameServers, Option.none(), cacheEntries);
    }

    /** Returns these options with these servers; no file is asked for them. */
    public ResolverOptions withNameServers(NameServers servers) {
        return new ResolverOptions(kind, resolvConf, hostsFile, Option.some(servers), hosts, cacheEntries);
    }

    /** Returns these options with these addresses; no file is asked for them. */
    public ResolverOptions withHosts(Map<HostName, List<InetAddress>> addresses) {
        return new ResolverOptions(kind, resolvConf, hostsFile, nameServers, Option.some(addresses), cacheEntries);
    }

    /** Returns these options with room for another number of answers; 0 keeps none. */
    public ResolverOptions withCacheEntries(int entries) {
        return new ResolverOptions(kind, resolvConf, hostsFile, nameServers, hosts, entries);
    }
}
