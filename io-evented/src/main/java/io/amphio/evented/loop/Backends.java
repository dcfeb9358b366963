package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.nio.NioProvider;
import java.util.List;

/** The backends there are, the best first. */
final class Backends {
    private static final List<BackendProvider> ALL = List.of(new NioProvider());

    private Backends() {}

    static BackendProvider choose(String name) {
        if (name.equals("auto")) {
            return ALL.getFirst();
        }
        for (BackendProvider provider : ALL) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        throw new IllegalArgumentException("no backend is called \"" + name + "\"; there are auto, "
                + String.join(", ", ALL.stream().map(BackendProvider::name).toList()));
    }
}
