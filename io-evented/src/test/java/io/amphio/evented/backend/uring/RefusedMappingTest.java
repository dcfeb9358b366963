package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.evented.ffi.UringLayout;
import io.amphio.evented.ffi.UringRefusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A ring that opens in part only is given back whole. */
class RefusedMappingTest {
    private static final int MMAP = 9; // on x86-64
    private static final int EVENTFD2 = 290;
    private static final int LENGTH = 1;
    private static final int OFFSET = 5;
    private static final int ENOMEM = 12;
    private static final int EMFILE = 24;

    /** What is refused: the second mapping of a ring, the memory that goes with it, and the event counter. */
    private enum Refused {
        ENTRIES(MMAP, OFFSET, (int) UringLayout.OFFSET_ENTRIES),
        WAIT(MMAP, LENGTH, UringLayout.WAIT_BYTES + 2 * Long.BYTES),
        WAKER(EVENTFD2, 0, 0);

        final int call;
        final int argument;
        final int value;

        Refused(int call, int argument, int value) {
            this.call = call;
            this.argument = argument;
            this.value = value;
        }
    }

    @Test
    void what_was_made_before_the_refusal_is_given_back() throws Exception {
        Uring.assumeAvailable();
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "numbers of system calls are of x86-64");
        Uring.open(8, 16, operation -> {}).close(); // what is loaded once is
        var held = Uring.held();
        long mappings = Uring.mappings();
        for (Refused refused : Refused.values()) {
            var done = new CompletableFuture<UringRefusal>();
            Thread.ofPlatform()
                    .start(
                            () -> { // whose calls are refused for good
                                try {
                                    RefusedRing.refuse(
                                            refused.call,
                                            refused.argument,
                                            refused.value,
                                            refused == Refused.WAKER ? EMFILE : ENOMEM);
                                    done.complete(assertThrows(
                                            UringRefusal.class,
                                            () -> Uring.open(256, 4096, operation -> {}),
                                            refused::name));
                                } catch (Throwable e) {
                                    done.completeExceptionally(e);
                                }
                            });
            assertEquals(
                    refused == Refused.WAKER ? EMFILE : ENOMEM,
                    done.get(5, TimeUnit.SECONDS).errno());
            assertEquals(held, Uring.held(), refused::name);
            assertEquals(mappings, Uring.mappings(), refused::name);
        }
    }
}
