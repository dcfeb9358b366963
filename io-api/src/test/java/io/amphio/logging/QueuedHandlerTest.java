package io.amphio.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A queue in front of a log. */
class QueuedHandlerTest {
    /** Writes nothing while its gate is closed. */
    private static class Target extends Handler {
        final List<LogRecord> records = new CopyOnWriteArrayList<>();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch gate;
        volatile boolean flushed;
        volatile boolean closed;

        Target(boolean open) {
            gate = new CountDownLatch(open ? 0 : 1);
        }

        @Override
        public void publish(LogRecord told) {
            entered.countDown();
            boolean interrupted = false;
            while (true) {
                try {
                    gate.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            records.add(told);
        }

        @Override
        public void flush() {
            flushed = true;
        }

        @Override
        public void close() {
            closed = true;
        }

        List<String> messages() {
            return records.stream().map(LogRecord::getMessage).toList();
        }
    }

    private static LogRecord record(Object message) {
        return new LogRecord(Level.INFO, message.toString());
    }

    @Test
    void a_flush_waits_for_what_was_logged_which_comes_in_order() {
        Target target = new Target(true);
        QueuedHandler log = new QueuedHandler(target, 1000);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            log.publish(record(i));
            expected.add("" + i);
        }
        log.flush();
        assertEquals(expected, target.messages());
        assertTrue(target.flushed);
        assertEquals(0, log.dropped());
        log.close();
    }

    @Test
    void a_full_queue_drops_and_says_where_and_how_many() throws Exception {
        Target target = new Target(false);
        QueuedHandler log = new QueuedHandler(target, 3);
        log.publish(record("first"));
        target.entered.await(); // it is out of the queue
        for (int i = 0; i < 5; i++) {
            log.publish(record("queued " + i));
        }
        assertEquals(2, log.dropped());
        target.gate.countDown();
        log.flush();
        List<String> seen = target.messages();
        assertEquals(List.of("first", "queued 0", "queued 1", "queued 2"), seen.subList(0, 4));
        assertTrue(seen.get(4).startsWith("2 log records are missing"), seen::toString);
        assertEquals(Level.WARNING, target.records.get(4).getLevel());
        log.publish(record("after"));
        log.flush();
        assertEquals("after", target.messages().get(5));
        log.close();
    }

    @Test
    void a_close_writes_what_is_left_closes_the_target_and_takes_no_more() {
        Target target = new Target(true);
        QueuedHandler log = new QueuedHandler(target, 100);
        log.publish(record("last"));
        log.close();
        assertEquals(List.of("last"), target.messages());
        assertTrue(target.closed);
        log.publish(record("too late"));
        log.flush();
        log.close();
        assertEquals(List.of("last"), target.messages());
    }

    @Test
    void a_close_gives_up_on_a_log_that_is_stuck() throws Exception {
        Target target = new Target(false);
        QueuedHandler log = new QueuedHandler(target, 100, Duration.ofMillis(20));
        log.publish(record("stuck"));
        target.entered.await();
        long start = System.nanoTime();
        log.flush();
        log.close();
        assertTrue(System.nanoTime() - start >= Duration.ofMillis(40).toNanos());
        assertFalse(target.closed);
        target.gate.countDown();
    }

    @Test
    void a_record_that_cannot_be_written_does_not_stop_those_after_it() {
        Target target = new Target(true) {
            @Override
            public void publish(LogRecord told) {
                if (told.getMessage().equals("bad")) {
                    throw new IllegalArgumentException("a formatter's");
                }
                super.publish(told);
            }
        };
        QueuedHandler log = new QueuedHandler(target, 100);
        List<String> errors = new CopyOnWriteArrayList<>();
        log.setErrorManager(new java.util.logging.ErrorManager() {
            @Override
            public synchronized void error(String message, Exception exception, int code) {
                errors.add(message);
            }
        });
        log.publish(record("bad"));
        log.publish(record("good"));
        log.flush();
        assertEquals(List.of("good"), target.messages());
        assertEquals(1, errors.size());
        log.close();
    }

    @Test
    void loggers_of_both_kinds_log_through_it_and_the_caller_is_known() {
        Logger logger = Logger.getLogger("io.amphio.logging.test");
        logger.setUseParentHandlers(false);
        Target target = new Target(true);
        target.setLevel(Level.WARNING);
        QueuedHandler log = new QueuedHandler(target, 100);
        logger.addHandler(log);
        logger.warning("by one");
        System.getLogger("io.amphio.logging.test").log(System.Logger.Level.ERROR, "by the other");
        logger.info("below the level of the target");
        log.flush();
        assertEquals(List.of("by one", "by the other"), target.messages());
        for (LogRecord each : target.records) {
            assertEquals(QueuedHandlerTest.class.getName(), each.getSourceClassName());
        }
        logger.removeHandler(log);
        log.close();
    }

    @Test
    void one_line_puts_it_in_front_of_the_handlers_that_are_there() {
        Logger root = LogManager.getLogManager().getLogger("");
        Handler[] before = root.getHandlers();
        try {
            QueuedHandler.install();
            QueuedHandler.install();
            assertEquals(before.length, root.getHandlers().length);
            for (Handler each : root.getHandlers()) {
                assertInstanceOf(QueuedHandler.class, each);
            }
        } finally {
            for (Handler each : root.getHandlers()) {
                root.removeHandler(each);
            }
            for (Handler each : before) {
                root.addHandler(each);
            }
        }
    }
}
