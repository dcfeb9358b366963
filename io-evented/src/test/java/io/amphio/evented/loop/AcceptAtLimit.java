package io.amphio.evented.loop;

import java.io.IOException;
import java.util.ArrayDeque;

/** The program that {@link DescriptorLimitTest} starts with few file descriptors. */
final class AcceptAtLimit {
    private final EventLoop loop;
    private final LoopListener listener;
    private final ArrayDeque<LoopSocket> ballast = new ArrayDeque<>();

    private AcceptAtLimit(EventLoop loop, LoopListener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    public static void main(String[] args) throws IOException {
        try (var loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(args[0]));
                var listener = Tcp.listen(loop)) {
            new AcceptAtLimit(loop, listener).run();
        }
    }

    private void run() throws IOException {
        rehearse();
        fillUp();
        ballast.pop().close();
        LoopSocket client = connecting();
        fillUp();
        report(accept());
        ballast.pop().close();
        report(accept());
        client.close();
    }

    /** Does and reports what will be done and reported, since loading a class from a directory needs a descriptor. */
    private void rehearse() throws IOException {
        LoopSocket client = connecting();
        report(accept());
        client.close();
        try (var second = LoopListener.open(loop, null)) {
            second.bind(Tcp.addressOf(listener), 0);
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    private void fillUp() {
        try {
            while (true) {
                ballast.push(LoopSocket.open(loop, null));
            }
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    private LoopSocket connecting() throws IOException {
        LoopSocket client = LoopSocket.open(loop, null);
        loop.submit(new Connect(client, Tcp.addressOf(listener), ended -> {}));
        loop.runUntilIdle();
        return client;
    }

    private Accept accept() {
        var accept = new Accept(listener, ended -> {});
        loop.submit(accept);
        loop.runUntilIdle();
        return accept;
    }

    private static void report(Accept accept) {
        var failure = accept.failure();
        System.out.println(failure == null ? "accepted" : failure.operation() + " failed: " + failure.errno());
    }
}
