package io.amphio.evented.loop;

import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pipe, a TCP connection or a Unix connection of a script, and what lies in it. */
final class ScriptChannel {
    static final int KINDS = 3;
    private static final int PIPE = 0;
    private static final int TCP = 1;
    private static final AtomicLong NAMES = new AtomicLong();

    private final ScriptRun run;
    private final EventLoop loop;
    private final int kind;
    private final End[] ends = new End[2];

    private ScriptChannel(ScriptRun run, EventLoop loop, int kind) {
        this.run = run;
        this.loop = loop;
        this.kind = kind;
    }

    static ScriptChannel open(ScriptRun run, EventLoop loop, Path folder, int kind) throws Exception {
        var channel = new ScriptChannel(run, loop, kind);
        if (kind == PIPE) {
            LoopPipe pipe = LoopPipe.open(loop);
            channel.ends[0] = channel.new End(pipe.sink());
            channel.ends[1] = channel.new End(pipe.source());
        } else {
            channel.connect(kind == TCP ? null : folder.resolve("u" + NAMES.incrementAndGet()));
        }
        return channel;
    }

    private void connect(@Nullable Path path) throws Exception {
        var family = path == null ? StandardProtocolFamily.INET : StandardProtocolFamily.UNIX;
        var client = LoopSocket.open(loop, family);
        try (var listener = LoopListener.open(loop, family)) {
            listener.bind(
                    path == null ? new java.net.InetSocketAddress("127.0.0.1", 0) : UnixDomainSocketAddress.of(path),
                    0);
            var connect = new Connect(client, listener.localAddress(), ended -> {});
            var accept = new Accept(listener, ended -> {});
            loop.submit(accept);
            loop.submit(connect);
            run.ended(connect).check();
            ends[0] = new End(client);
            ends[1] = new End(run.ended(accept).socket());
        }
    }

    End end(int side) {
        return ends[side];
    }

    String closeAll() throws Exception {
        return "end " + ends[0].close() + ends[1].close();
    }

    /** One end: what it has yet to receive, and what waits there. */
    final class End {
        private final LoopHandle handle;
        private int incoming; // bytes
        private boolean finished; // the other end sends no more
        private boolean shut; // this end sends no more
        private boolean closed;
        private @Nullable Completion waiting; // to receive or to be readable

        private End(LoopHandle handle) {
            this.handle = handle;
        }

        private End peer() {
            return ends[0] == this ? ends[1] : ends[0];
        }

        private boolean cannotSend() {
            return shut || (kind == PIPE && this == ends[1]) || peer().closed;
        }

        private boolean cannotReceive() {
            return kind == PIPE && this == ends[0];
        }

        private Receive receiving(ByteBuffer... buffers) {
            return handle instanceof LoopSocket socket
                    ? new Receive(socket, ended -> {}, buffers)
                    : new Receive((LoopPipeEnd) handle, ended -> {}, buffers);
        }

        private Send sending(ByteBuffer... buffers) {
            return handle instanceof LoopSocket socket
                    ? new Send(socket, ended -> {}, buffers)
                    : new Send((LoopPipeEnd) handle, ended -> {}, buffers);
        }

        String send(ByteBuffer[] buffers, int most) throws Exception {
            if (cannotSend() || peer().incoming > most) {
                return "skipped";
            }
            Send send = sending(buffers);
            loop.submit(send);
            run.ended(send);
            if (send.failure() != null) {
                return ScriptRun.outcome(send, "");
            }
            peer().incoming += (int) send.bytes();
            return send.bytes() + (send.bytes() > 0 ? peer().waited() : "");
        }

        /** Something has come: whoever waits for it ends. */
        private String waited() throws Exception {
            Completion ended = waiting;
            if (ended == null) {
                return "";
            }
            waiting = null;
            run.ended(ended);
            if (ended instanceof Receive receive && receive.failure() == null) {
                incoming -= (int) Math.max(0, receive.bytes());
                return ", received " + receive.bytes();
            }
            return ", ended " + ScriptRun.outcome(ended, "done");
        }

        String receive(ByteBuffer[] buffers) throws Exception {
            if (cannotReceive()) {
                return "skipped";
            }
            int room = Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum();
            Receive receive = receiving(buffers);
            if (waiting != null) {
                try {
                    loop.submit(receive);
                    return "two at once";
                } catch (IllegalStateException refused) {
                    return "refused";
                }
            }
            loop.submit(receive);
            if (room > 0 && incoming == 0 && !finished && !closed) {
                waiting = receive;
                return "waits";
            }
            run.ended(receive);
            if (receive.failure() != null) {
                return ScriptRun.outcome(receive, "");
            }
            long total = receive.bytes();
            while (kind == TCP && total > 0 && total < Math.min(room, incoming)) { // in pieces
                loop.submit(receive);
                total += run.ended(receive).bytes();
            }
            incoming -= (int) Math.max(0, total);
            int hash = 0;
            for (ByteBuffer buffer : buffers) {
                hash = 31 * hash + buffer.flip().hashCode();
            }
            return total + "/" + hash;
        }

        String poll(boolean reading) throws Exception {
            if (reading ? cannotReceive() || waiting != null : cannotSend()) {
                return "skipped";
            }
            var poll = new Poll(handle, reading ? Poll.Readiness.READABLE : Poll.Readiness.WRITABLE, ended -> {});
            loop.submit(poll);
            if (reading && incoming == 0 && !finished && !closed) {
                waiting = poll;
                return "waits";
            }
            return ScriptRun.outcome(run.ended(poll), "ready");
        }

        String cancel() throws Exception {
            if (waiting == null) {
                return "skipped";
            }
            loop.runOnce(0); // it has begun by now
            loop.cancel(waiting);
            return waited();
        }

        String timeOut() throws Exception {
            if (cannotReceive() || waiting != null || incoming > 0 || finished || closed) {
                return "skipped";
            }
            Receive receive = receiving(ByteBuffer.allocate(1));
            loop.submit(receive, Duration.ZERO);
            return ScriptRun.outcome(run.ended(receive), "something");
        }

        String shutdown() throws Exception {
            if (!(handle instanceof LoopSocket socket) || shut || closed || peer().closed) {
                return "skipped";
            }
            var shutdown = new Shutdown(socket, false, true, ended -> {});
            loop.submit(shutdown);
            shut = true;
            peer().finished = true;
            return ScriptRun.outcome(run.ended(shutdown), "done") + peer().waited();
        }

        /** With bytes unread it is a reset, which a JDK channel that lingers would soften to an end. */
        String close() throws Exception {
            if (closed) {
                return "closed";
            }
            boolean unread = incoming > 0;
            if (unread && kind == TCP && handle instanceof LoopSocket socket) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            closed = true;
            Close close = new Close(handle, (Consumer<Close>) ended -> {});
            loop.submit(close);
            String own = waited();
            String end = ScriptRun.outcome(run.ended(close), "done");
            loop.runOnce(0); // a selector lets go of it
            peer().finished = true;
            return end + own + (unread ? peer().waitedSomehow() : peer().waited());
        }

        private String waitedSomehow() throws Exception {
            return waiting == null ? "" : waited();
        }
    }
}
