package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.evented.loop.LoopListener;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoopTest {
    @Test
    void all_bytes_come_back_to_each_of_many_connections() throws Exception {
        EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT);
        LoopListener listener = Loop.listen(loop, new InetSocketAddress("127.0.0.1", 0));
        Thread thread = Thread.ofPlatform().start(() -> {
            loop.run();
            listener.close();
            loop.close();
        });
        int port = ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
        List<Socket> sockets = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            sockets.add(new Socket("127.0.0.1", port));
        }
        for (Socket socket : sockets) {
            byte[] sent = new byte[1 + random.nextInt(100_000)];
            random.nextBytes(sent);
            Thread writer = Thread.ofVirtual().start(() -> write(socket, sent));
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            writer.join();
            socket.shutdownOutput();
            assertEquals(-1, socket.getInputStream().read());
            socket.close();
        }
        loop.stop();
        thread.join();
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
