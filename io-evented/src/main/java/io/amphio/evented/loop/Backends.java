package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.epoll.EpollProvider;
import io.amphio.evented.backend.kqueue.KqueueProvider;
import io.amphio.evented.backend.nio.NioProvider;
import io.amphio.evented.backend.uring.UringProvider;
import io.amphio.evented.ffi.KqueueLibC;
import io.amphio.evented.ffi.NativeAccess;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The backends there are on this system, the best first, and which of them to take. */
final class Backends {
    private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());
    private static final List<BackendProvider> ALL = of(System.getProperty("os.name"));

    private Backends() {}

    /** All that a system can have, also if this machine refuses one. */
    static List<BackendProvider> of(String osName) {
        List<BackendProvider> all = new ArrayList<>();
        switch (osName.toLowerCase(Locale.ROOT)) {
            case "linux" -> {
                all.add(new UringProvider());
                all.add(new EpollProvider());
                if (System.getenv(KqueueLibC.VARIABLE) != null) {
                    all.add(new KqueueProvider());
                }
            }
            case "mac os x", "freebsd" -> all.add(new KqueueProvider());
            default -> {}
        }
        all.add(new NioProvider());
        return List.copyOf(all);
    }

    static List<String> names() {
        return names(ALL);
    }

    private static List<String> names(List<BackendProvider> providers) {
        return providers.stream().map(BackendProvider::name).toList();
    }

    static BackendProvider choose(String name) {
        return name.equals("auto") ? Auto.CHOICE : choose(name, ALL);
    }

    static BackendProvider choose(String name, List<BackendProvider> providers) {
        for (BackendProvider provider : providers) {
            if (provider.name().equals(name)) {
                return available(provider);
            }
        }
        throw new IllegalArgumentException(
                "no backend is called \"" + name + "\"; there are auto, " + String.join(", ", names(providers)));
    }

    private static BackendProvider available(BackendProvider provider) {
        String refusal = provider.refusal();
        if (refusal != null) {
            throw new IllegalArgumentException("backend \"" + provider.name() + "\" is not available here: " + refusal);
        }
        return provider;
    }

    /** What {@code auto} means, found out once. */
    private static final class Auto {
        static final BackendProvider CHOICE = firstAvailable(ALL);
    }

    /** Says what was passed over, and loudly only if the user can change it. */
    static BackendProvider firstAvailable(List<BackendProvider> providers) {
        for (BackendProvider provider : providers) {
            String refusal = provider.refusal();
            if (refusal == null) {
                return provider;
            }
            LOG.log(
                    NativeAccess.isNotEnabled() && provider == providers.getFirst() ? Level.INFO : Level.DEBUG,
                    "backend " + provider.name() + " is not used: " + refusal);
        }
        throw new AssertionError("the last backend is available everywhere");
    }
}
