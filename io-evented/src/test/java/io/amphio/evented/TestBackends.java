package io.amphio.evented;

import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import java.io.IOException;
import java.util.List;

/** The backends that a suite runs on: each that opens here, but only the best one in a run on stock virtual threads. */
public final class TestBackends {
    private static final List<String> ALL = List.of("uring", "epoll", "kqueue", "nio");

    private TestBackends() {}

    public static List<String> names() {
        List<String> here = ALL.stream().filter(TestBackends::opens).toList();
        return Boolean.getBoolean("amphio.expectOwn") ? here : here.subList(0, 1);
    }

    private static boolean opens(String backend) {
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend))) {
            return loop.backendName().equals(backend);
        } catch (IOException | IllegalArgumentException notHere) {
            return false;
        }
    }
}
