package io.amphio.interop.clib;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a suite about a C library runs on: every backend of event loops that opens here, on two loops, and the blocking Io. */
public final class TestIos {
    private TestIos() {}

    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String backend : List.of("uring", "epoll", "kqueue", "nio")) {
            if (opens(backend)) {
                names.add(backend);
            }
        }
        names.add("blocking");
        return names;
    }

    /** Opens the one that is called {@code name}. */
    public static IoRuntime open(String name) {
        return IoRuntime.open(
                name.equals("blocking")
                        ? IoOptions.of("blocking")
                        : IoOptions.of("evented").with("loops", "2").with("backend", name));
    }

    /** Whether it has loops that poll descriptors, so that no thread is needed. */
    public static boolean pollsItself(String name) {
        return !name.equals("nio") && !name.equals("blocking");
    }

    private static boolean opens(String backend) {
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend))) {
            return loop.backendName().equals(backend);
        } catch (IOException | IllegalArgumentException notHere) {
            return false;
        }
    }
}
