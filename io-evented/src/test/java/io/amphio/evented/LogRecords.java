package io.amphio.evented;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a logger is told while this is open, from INFO on; nobody else is. */
public final class LogRecords implements AutoCloseable {
    private final Logger logger;
    private final boolean hadParents;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final CountDownLatch warned = new CountDownLatch(1);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord told) {
            records.add(told);
            if (told.getLevel().intValue() >= Level.WARNING.intValue()) {
                warned.countDown();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Begins to listen; names of loggers are those of {@link System.Logger}. */
    public LogRecords(String name) {
        logger = Logger.getLogger(name);
        hadParents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Returns the warnings so far. */
    public List<String> warnings() {
        return of(Level.WARNING);
    }

    /** Returns what was said so far for information. */
    public List<String> information() {
        return of(Level.INFO);
    }

    private List<String> of(Level level) {
        return records.stream()
                .filter(told -> told.getLevel().equals(level))
                .map(LogRecord::getMessage)
                .toList();
    }

    /** Returns all that was said so far. */
    public List<String> all() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /** Waits for the first warning. */
    public void awaitWarning() throws InterruptedException {
        warned.await();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(hadParents);
    }
}
