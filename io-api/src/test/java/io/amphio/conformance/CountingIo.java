package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.spi.Timers;
import io.amphio.spi.forwarding.ForwardingIo;
import java.util.concurrent.atomic.AtomicInteger;

/** An {@code Io} that counts the timers which were started by it and have neither fired nor been stopped. */
final class CountingIo extends ForwardingIo {
    private final AtomicInteger timers = new AtomicInteger();

    CountingIo(Io io) {
        super(io);
    }

    int timersRunning() {
        return timers.get();
    }

    @Override
    public Timers timers() {
        return (deadlineNanos, action) -> {
            timers.incrementAndGet();
            Timers.Timer timer = real().timers().start(deadlineNanos, () -> {
                timers.decrementAndGet();
                action.run();
            });
            return () -> {
                boolean stopped = timer.cancel();
                if (stopped) {
                    timers.decrementAndGet();
                }
                return stopped;
            };
        };
    }
}
