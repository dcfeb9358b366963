package io.amphio.evented.coro;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The program that {@link SchedulerModeTest} starts in other JVMs: what it prints is what the test looks at. */
final class ReportMode {
    private ReportMode() {}

    public static void main(String[] args) throws Exception {
        SchedulerBridge bridge = SchedulerBridge.open();
        System.out.println(bridge);
        if (args.length > 0 && args[0].equals("sockets")) {
            System.out.println("strangers=" + strangersAfterFirstSocketCall(bridge));
        } else {
            var coroutine = Coroutine.create("probe", () -> System.out.println("body ran"));
            coroutine.resume();
        }
    }

    /** Makes the first blocking socket call of this JVM inside a coroutine, and counts who inherited its scheduler. */
    private static int strangersAfterFirstSocketCall(SchedulerBridge bridge) throws Exception {
        var runnable = new LinkedBlockingQueue<Coroutine>();
        var strangers = new AtomicInteger();
        var scheduler = new CoroutineScheduler() {
            @Override
            public void runnable(Coroutine coroutine) {
                runnable.add(coroutine);
            }

            @Override
            public boolean foreign(Coroutine parent, Runnable continuation) {
                strangers.incrementAndGet();
                return false;
            }
        };
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var coroutine = Coroutine.create(bridge, scheduler, "client", () -> {
                try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    socket.getInputStream().read();
                }
            });
            coroutine.start();
            carryOne(runnable);
            server.accept().close(); // the end of the stream is what the read returns
            while (!coroutine.isDone()) {
                carryOne(runnable);
            }
            if (coroutine.failure() != null) {
                throw new AssertionError(coroutine.failure());
            }
        }
        return strangers.get();
    }

    private static void carryOne(LinkedBlockingQueue<Coroutine> runnable) throws InterruptedException {
        Coroutine next = runnable.take();
        if (next.runUntilParked()) {
            runnable.add(next);
        }
    }
}
