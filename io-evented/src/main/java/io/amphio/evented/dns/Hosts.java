package io.amphio.evented.dns;

import io.amphio.net.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses that no server is asked for: what {@code hosts} says. What is malformed in it is passed over. */
final class Hosts {
    private final Map<String, Entry> entries = new HashMap<>(); // not changed any more once it is made

    /** The addresses of a name, and the first name of the line that it is on. */
    record Entry(HostName canonical, List<InetAddress> addresses) {}

    private Hosts() {}

    static Hosts of(Map<HostName, List<InetAddress>> addresses) {
        Hosts hosts = new Hosts();
        addresses.forEach((name, each) -> hosts.entries.put(key(name), new Entry(name, each)));
        return hosts;
    }

    static Hosts parse(String text) {
        Hosts hosts = new Hosts();
        text.lines().forEach(hosts::line);
        return hosts;
    }

    private void line(String line) {
        int comment = line.indexOf('#');
        String[] words =
                (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", -1);
        HostName literal = name(words[0]);
        InetAddress address = literal == null ? null : literal.address().getOrNull();
        if (address == null) {
            return;
        }
        HostName canonical = null;
        for (int i = 1; i < words.length; i++) {
            HostName name = name(words[i]);
            if (name == null || name.address().isDefined()) {
                continue;
            }
            canonical = canonical == null ? name : canonical;
            List<InetAddress> all = entries.computeIfAbsent(key(name), new Named(canonical)).addresses;
            if (!all.contains(address)) {
                all.add(address);
            }
        }
    }

    /** Makes the entry of a name that is seen for the first time. */
    private record Named(HostName canonical) implements java.util.function.Function<String, Entry> {
        @Override
        public Entry apply(String key) {
            return new Entry(canonical, new ArrayList<>());
        }
    }

    private static @Nullable HostName name(String text) {
        try {
            return HostName.of(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static String key(HostName name) {
        return name.isAbsolute() ? name.ascii().substring(0, name.ascii().length() - 1) : name.ascii();
    }

    @Nullable
    Entry find(HostName name) {
        return entries.get(key(name));
    }
}
