package io.amphio.testing;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.spi.IoProvider;
import java.time.Duration;
import java.util.function.Supplier;

/** Opens a {@link ThreadIo} as a runtime, so that the suite can run on it. */
final class ThreadIoProvider implements IoProvider {
    private final Supplier<ThreadIo> opening;

    private ThreadIoProvider(Supplier<ThreadIo> opening) {
        this.opening = opening;
    }

    static IoRuntime open(Supplier<ThreadIo> opening) {
        return IoRuntime.open(new ThreadIoProvider(opening), IoOptions.of("threads"));
    }

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public boolean isDefault() {
        return false;
    }

    @Override
    public Instance open(IoOptions options) {
        ThreadIo threads = opening.get();
        return new Instance() {
            @Override
            public Io io() {
                return threads;
            }

            @Override
            public void close(Duration grace) {
                threads.close();
            }
        };
    }
}
