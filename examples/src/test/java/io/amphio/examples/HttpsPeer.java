package io.amphio.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An HTTPS server of the JDK's sockets, which answers well or badly, as the path says. */
final class HttpsPeer implements AutoCloseable {
    static final byte[] BIG = "0123456789abcdef".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Starts one with the key called {@code name} of the tests of TLS, on an address of this machine. */
    HttpsPeer(String name, String address) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store(name), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName(address));
        threads.execute(this::accept);
    }

    private static KeyStore store(String name) throws Exception {
        try (InputStream file = HttpsPeer.class.getResourceAsStream("/io/amphio/conformance/tls/" + name + ".p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(Objects.requireNonNull(file, name), PASSWORD);
            return store;
        }
    }

    /** Writes the certificate of the authority that has signed those of the good servers. */
    static Path authority(Path directory) throws Exception {
        KeyStore store = store("trusted");
        byte[] certificate = store.getCertificate(store.aliases().nextElement()).getEncoded();
        return Files.writeString(
                directory.resolve("authority.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");
    }

    String url(String host, String path) {
        return "https://" + host + ":" + server.getLocalPort() + path;
    }

    private void accept() {
        try {
            while (true) {
                SSLSocket socket = (SSLSocket) server.accept();
                threads.execute(() -> answer(socket));
            }
        } catch (IOException closed) {
            // That is the end of it.
        }
    }

    private void answer(SSLSocket socket) {
        try (socket) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.write(next);
            }
            String path = head.toString(StandardCharsets.ISO_8859_1).split("[ ?]", -1)[1];
            OutputStream out = socket.getOutputStream();
            switch (path) {
                case "/big", "/a/big", "/" -> {
                    out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + BIG.length + "\r\n\r\n"));
                    out.write(BIG);
                }
                case "/chunked" -> {
                    out.write(ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
                    for (int at = 0; at < BIG.length; at += 16_000) {
                        out.write(ascii(Integer.toHexString(16_000) + "\r\n"));
                        out.write(BIG, at, 16_000);
                        out.write(ascii("\r\n"));
                    }
                    out.write(ascii("0\r\n\r\n"));
                }
                case "/away" -> out.write(ascii("HTTP/1.1 302 Found\r\nLocation: big\r\nContent-Length: 0\r\n\r\n"));
                case "/loop" -> out.write(ascii("HTTP/1.1 301 Moved\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n"));
                case "/plain" ->
                    out.write(ascii("HTTP/1.1 307 There\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"));
                case "/cut" -> out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"));
                case "/silent" -> socket.getInputStream().read(); // until the client is gone
                default -> out.write(ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
            }
            out.flush();
        } catch (IOException gone) {
            // The client's business.
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
