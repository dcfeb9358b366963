package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.logging.QueuedHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;

/** What a queued log promises to who logs. */
public abstract class LogConformance extends Conformance {
    private static final int RECORDS = 3000;
    private static final int PIECE = 100; // bytes of a record and more: together more than any pipe holds

    /** Writes each record at once, as one to a terminal does. */
    private static final class PipeHandler extends StreamHandler {
        PipeHandler(Pipe.SinkChannel sink) {
            super(Channels.newOutputStream(sink), new Formatter() {
                @Override
                public String format(LogRecord told) {
                    return told.getMessage() + "\n";
                }
            });
        }

        @Override
        public synchronized void publish(LogRecord told) {
            super.publish(told);
            flush();
        }
    }

    @Test
    void a_log_that_nobody_reads_holds_up_no_task_and_what_is_missing_is_told() throws Exception {
        run(io -> {
            Pipe pipe = Pipe.open();
            QueuedHandler log = new QueuedHandler(new PipeHandler(pipe.sink()), 64);
            Started<Integer> other = Started.start(io, () -> {
                int turns = 0;
                while (log.dropped() == 0) {
                    io.sleep(Duration.ofNanos(100_000));
                    turns++;
                }
                return turns;
            });
            for (int i = 0; i < RECORDS || log.dropped() == 0; i++) {
                log.publish(new LogRecord(Level.INFO, i + " " + "x".repeat(PIECE)));
                if (i % 10 == 0) {
                    io.yieldNow();
                }
                assertTrue(i < 100 * RECORDS, "nothing was dropped");
            }
            assertTrue(other.future().await(io) >= 0);
            Started<Long> reader = Started.start(io, () -> io.call(io, () -> readInOrder(pipe)));
            io.call(io, () -> {
                log.close();
                pipe.sink().close();
            });
            assertEquals(log.dropped(), reader.future().await(io));
        });
    }

    /** Returns how many are told to be missing; fails if one is missing and is not. */
    private static long readInOrder(Pipe pipe) throws IOException {
        long told = 0;
        long missing = 0;
        int expected = 0;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Channels.newInputStream(pipe.source()), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int number = Integer.parseInt(line.substring(0, line.indexOf(' ')));
                if (line.contains("records are missing")) {
                    told += number;
                } else {
                    assertTrue(number >= expected, "out of order: " + line);
                    missing += number - expected;
                    assertTrue(missing <= told, "missing and not told before " + line);
                    expected = number + 1;
                }
            }
        }
        return told;
    }
}
