package io.amphio.evented.dns;

import io.amphio.net.NameServers;
import io.amphio.net.ResolverOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.xbill.DNS.Message;

/** A name server on loopback, over UDP and TCP, that answers from a {@link Zone}, or as a test wants it. */
final class NameServer implements AutoCloseable {
    /** How one query is answered: not at all, once, more than once, or with a lie. */
    interface Behavior {
        void answer(Asked asked) throws IOException;
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final InetSocketAddress address;
    private final Zone zone;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private volatile Behavior behavior = Asked::answer;

    private NameServer(Zone zone) throws IOException {
        this.zone = zone;
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        DatagramSocket bound = null;
        ServerSocket listening = null;
        while (listening == null) { // the same port of both
            bound = new DatagramSocket(new InetSocketAddress(loopback, 0));
            try {
                listening = new ServerSocket(bound.getLocalPort(), 50, loopback);
            } catch (IOException taken) {
                bound.close();
            }
        }
        udp = bound;
        tcp = listening;
        address = new InetSocketAddress(loopback, bound.getLocalPort());
        start("udp", this::serveUdp);
        start("tcp", this::serveTcp);
    }

    static NameServer start(Zone zone) {
        try {
            return new NameServer(zone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NameServer with(Behavior newBehavior) {
        behavior = newBehavior;
        return this;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Returns options with this server alone, and no hosts; it has a second, as a busy machine may be slow. */
    ResolverOptions options() {
        return options(NameServers.of(address()).withTimeout(Duration.ofSeconds(1)));
    }

    static ResolverOptions options(NameServers servers) {
        return ResolverOptions.OWN.withNameServers(servers).withHosts(Map.of());
    }

    /** Returns what was asked, in order: "udp name TYPE". */
    List<String> log() {
        return List.copyOf(log);
    }

    int count(String entry) {
        return (int) log.stream().filter(entry::equals).count();
    }

    /** A query, and the way back. */
    final class Asked {
        final Message query;
        final boolean isTcp;
        private final SocketAddress client;
        private final Consumer<byte[]> reply;

        Asked(byte[] bytes, boolean isTcp, SocketAddress client, Consumer<byte[]> reply) throws IOException {
            this.query = new Message(bytes);
            this.isTcp = isTcp;
            this.client = client;
            this.reply = reply;
            log.add((isTcp ? "tcp " : "udp ") + Zone.type(query));
        }

        Message truth() {
            return zone.answer(query);
        }

        void answer() throws IOException {
            reply(truth());
        }

        void reply(Message message) {
            reply.accept(message.toWire());
        }

        void reply(byte[] bytes) {
            reply.accept(bytes);
        }

        /** Sends {@code message} from another port than the one that was asked. */
        void replyFromElsewhere(Message message) throws IOException {
            byte[] bytes = message.toWire();
            try (DatagramSocket other = new DatagramSocket(0, udp.getLocalAddress())) {
                other.send(new DatagramPacket(bytes, bytes.length, client));
            }
        }
    }

    private void start(String name, Runnable body) {
        threads.add(Thread.ofPlatform().daemon().name("name-server-" + name).start(body));
    }

    private void serveUdp() {
        byte[] buffer = new byte[65_535];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] bytes = java.util.Arrays.copyOf(buffer, packet.getLength());
                SocketAddress client = packet.getSocketAddress();
                behavior.answer(new Asked(bytes, false, client, answer -> send(answer, client)));
            } catch (IOException closedOrRefused) {
                // the loop looks whether it is closed
            }
        }
    }

    private void send(byte[] answer, SocketAddress client) {
        try {
            udp.send(new DatagramPacket(answer, answer.length, client));
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                connections.add(socket);
                start("connection", () -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                behavior.answer(new Asked(bytes, true, socket.getRemoteSocketAddress(), answer -> {
                    try {
                        out.writeShort(answer.length);
                        out.write(answer);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
        } catch (IOException | UncheckedIOException ended) {
            return; // the client has what it wanted, or left
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        for (Socket each : connections) {
            each.close();
        }
    }
}
