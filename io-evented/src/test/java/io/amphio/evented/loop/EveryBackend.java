package io.amphio.evented.loop;

import java.io.IOException;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that run once on each backend that opens here. */
@ParameterizedClass
@MethodSource("io.amphio.evented.loop.OnBackend#all")
abstract class EveryBackend {
    @Parameter
    String backend;

    /** Options for a loop on the backend of this round. */
    EventLoopOptions options() {
        return EventLoopOptions.DEFAULT.withBackend(backend);
    }

    EventLoop open() throws IOException {
        return EventLoop.open(options());
    }

    /** A loop that runs on a thread of its own. */
    LoopThread start() throws IOException {
        return start("test");
    }

    LoopThread start(String name) throws IOException {
        return new LoopThread(options().withName(name));
    }
}
