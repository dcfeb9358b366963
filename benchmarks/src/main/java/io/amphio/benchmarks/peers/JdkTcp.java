package io.amphio.benchmarks.peers;

import io.amphio.benchmarks.Arguments;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The JDK: a TCP server on {@code java.net}, {@code --threads virtual|platform} and otherwise as ours. */
public final class JdkTcp {
    private static final int CHUNK_BYTES = 64 << 10;

    private JdkTcp() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Arguments arguments = Arguments.of(args);
        String mode = arguments.get("mode", "echo");
        Thread.Builder threads =
                arguments.get("threads", "virtual").equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
        ServerSocket server = new ServerSocket(arguments.getInt("port", 0), 1024, InetAddress.getLoopbackAddress());
        System.out.println("ready port=" + server.getLocalPort());
        System.out.flush();
        threads.start(() -> {
                    try {
                        while (true) {
                            Socket socket = server.accept();
                            threads.start(() -> serve(socket, mode));
                        }
                    } catch (IOException failed) {
                        throw new java.io.UncheckedIOException(failed);
                    }
                })
                .join();
    }

    private static void serve(Socket socket, String mode) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (mode.equals("source")) {
                out.write(chunk);
            }
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (!mode.equals("sink")) {
                    out.write(chunk, 0, count);
                }
            }
        } catch (IOException gone) {
            // a driver that has measured enough
        }
    }
}
