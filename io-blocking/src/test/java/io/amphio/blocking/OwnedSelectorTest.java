package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnedSelectorTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ThreadNet net =
            new ThreadNet(new ThreadSelectors(new TimerThread(Duration.ZERO), Duration.ofDays(1), _ -> true));

    @AfterEach
    void close() {
        net.close();
    }

    private Handle listening() throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.configureBlocking(false);
        channel.bind(ANY_PORT);
        return new Handle(net, channel);
    }

    @Test
    void a_flush_takes_no_wake_up_away() throws Exception {
        OwnedSelector selector = new OwnedSelector();
        selector.wakeup(); // for an owner that is about to select
        selector.flush();
        selector.select(Long.MAX_VALUE, _ -> {});
        selector.close();
    }

    @Test
    void a_flush_of_a_selector_that_is_closed_does_nothing() throws Exception {
        OwnedSelector selector = new OwnedSelector();
        selector.close();
        selector.close();
        selector.flush();
        assertFalse(selector.isOpen());
    }

    @Test
    void a_flush_waits_until_the_owner_has_seen_what_is_ready() throws Exception {
        OwnedSelector selector = new OwnedSelector();
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.configureBlocking(false);
            channel.bind(ANY_PORT);
            selector.arm(new Handle(net, channel), SelectionKey.OP_ACCEPT);
            try (SocketChannel _ = SocketChannel.open(channel.getLocalAddress())) {
                AtomicReference<Thread> flusher = new AtomicReference<>();
                selector.select(Long.MAX_VALUE, key -> {
                    Thread flushing = Tests.On.PLATFORM_THREAD
                            .start(() -> {
                                selector.flush();
                                return null;
                            })
                            .thread();
                    flusher.set(flushing);
                    Tests.until("it waits or has ended", () -> switch (flushing.getState()) {
                        case WAITING, TERMINATED -> true;
                        default -> false;
                    });
                    assertTrue(flushing.isAlive(), "it has changed the keys that are being told");
                });
                flusher.get().join();
            }
        }
        selector.close();
    }

    /** The owner selects again and again, woken all the time, so that closes meet it at every step. */
    @Test
    void once_close_has_returned_the_channel_is_in_no_selector() throws Exception {
        OwnedSelector selector = new OwnedSelector();
        AtomicReference<Handle> current = new AtomicReference<>();
        AtomicReference<Handle> armed = new AtomicReference<>();
        AtomicBoolean stop = new AtomicBoolean();
        var owner = Tests.On.PLATFORM_THREAD.start(() -> {
            while (!stop.get()) {
                Handle handle = current.get();
                try {
                    if (handle != null) {
                        selector.arm(handle, SelectionKey.OP_ACCEPT);
                        armed.set(handle);
                    }
                } catch (ClosedChannelException | java.nio.channels.CancelledKeyException closed) {
                    // the next one will come
                }
                selector.select(Long.MAX_VALUE, _ -> {});
            }
            return null;
        });
        var waker = Tests.On.PLATFORM_THREAD.start(() -> {
            while (!stop.get()) {
                selector.wakeup();
            }
            return null;
        });
        for (int round = 0; round < 500; round++) {
            Handle handle = listening();
            current.set(handle);
            Tests.until("it is armed", () -> armed.get() == handle);
            handle.close();
            assertFalse(handle.channel().isRegistered(), "round " + round);
        }
        stop.set(true);
        waker.get();
        selector.wakeup();
        owner.get();
        selector.close();
    }
}
