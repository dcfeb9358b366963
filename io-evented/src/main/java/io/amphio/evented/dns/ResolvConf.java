package io.amphio.evented.dns;

import io.amphio.net.HostName;
import io.amphio.net.NameServers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code resolv.conf}: nameserver, domain, search, and of the options ndots, timeout, attempts and rotate. What is unknown or
 * malformed is passed over, as libraries of C do it.
 */
final class ResolvConf {
    private static final int PORT = 53;
    private static final int MOST_SERVERS = 3; // as everywhere: more would take too long to fail
    private static final int MOST_TIMEOUT_SECONDS = 30;
    private static final NameServers DEFAULTS =
            NameServers.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT));

    private final List<InetSocketAddress> servers = new ArrayList<>();
    private NameServers config = DEFAULTS;

    private ResolvConf() {}

    /** Returns what {@code text} says; without a server, this machine is one. */
    static NameServers parse(String text) {
        ResolvConf reader = new ResolvConf();
        text.lines().forEach(reader::line);
        NameServers said = reader.config;
        return reader.servers.isEmpty()
                ? said
                : new NameServers(
                        reader.servers,
                        said.search(),
                        said.ndots(),
                        said.timeout(),
                        said.attempts(),
                        said.isRotating());
    }

    private void line(String line) {
        if (line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        String[] words = line.strip().split("\\s+");
        if (words.length < 2) {
            return;
        }
        switch (words[0]) {
            case "nameserver" -> server(words[1]);
            case "domain" -> search(words, 2);
            case "search" -> search(words, words.length);
            case "options" -> {
                for (int i = 1; i < words.length; i++) {
                    option(words[i]);
                }
            }
            default -> {}
        }
    }

    private void server(String literal) {
        HostName name = name(literal);
        InetAddress address = name == null ? null : name.address().getOrNull();
        if (address != null && servers.size() < MOST_SERVERS) {
            servers.add(new InetSocketAddress(address, PORT));
        }
    }

    /** The last of them counts. */
    private void search(String[] words, int end) {
        List<HostName> domains = new ArrayList<>();
        for (int i = 1; i < end; i++) {
            HostName domain = name(words[i]);
            if (domain != null && domain.address().isEmpty()) {
                domains.add(domain);
            }
        }
        config = config.withSearch(domains.toArray(HostName[]::new));
    }

    private static @Nullable HostName name(String text) {
        try {
            return HostName.of(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private void option(String option) {
        int colon = option.indexOf(':');
        String name = colon < 0 ? option : option.substring(0, colon);
        if (name.equals("rotate")) {
            config = config.withRotation(true);
        }
        int value = number(option.substring(colon + 1));
        if (colon < 0 || value < 0) {
            return;
        }
        switch (name) {
            case "ndots" -> config = config.withNdots(Math.min(value, 15));
            case "timeout" ->
                config = config.withTimeout(Duration.ofSeconds(Math.clamp(value, 1, MOST_TIMEOUT_SECONDS)));
            case "attempts" -> config = config.withAttempts(Math.clamp(value, 1, 5));
            default -> {}
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
