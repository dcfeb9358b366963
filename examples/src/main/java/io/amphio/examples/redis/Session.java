package io.amphio.examples.redis;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads commands, has them done, and sends the replies before it waits for more. So commands that came together are
 * answered by one write.
 */
final class Session {
    private static final int READ_BUFFER_BYTES = 16 << 10;
    private static final int SENT_AT_ONCE_BYTES = 64 << 10;
    private static final int DISCARDED_BYTES = 1 << 20;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Stream stream;
    private final Mutex mutex;
    private final Commands commands;
    private final Topics topics;
    private final Replies out = new Replies();
    private @Nullable Outbox outbox; // from the first SUBSCRIBE on, all goes through it; owned by the connection's task

    Session(Stream stream, Mutex mutex, Commands commands, Topics topics) {
        this.stream = stream;
        this.mutex = mutex;
        this.commands = commands;
        this.topics = topics;
    }

    /** Serves until the client, or a mistake of its, ends it. */
    void run(Io io) {
        ByteBuffer buffer = io.buffers().take(READ_BUFFER_BYTES);
        try (stream;
                Group writing = new Group()) {
            stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Reader reader = new Reader(
                    (waiter, target) -> {
                        send(waiter); // whoever waits for commands has told all it has to say
                        return stream.read(waiter, target);
                    },
                    buffer);
            serve(io, reader, writing);
            send(io);
            if (outbox != null) {
                outbox.close();
                writing.await(io);
            }
            stream.shutdownOutput();
            // To close with bytes unread would reset the connection, and that destroys what the client has not read
            // yet.
            io.withTimeout(LINGER, () -> reader.skip(io, DISCARDED_BYTES));
        } catch (IOException | TimedOutException | ChannelClosedException gone) {
            // The client's business, and nobody else's.
        } finally {
            leaveTopics();
            io.buffers().give(buffer);
        }
    }

    private void serve(Io io, Reader reader, Group writing) throws IOException {
        CommandReader incoming = new CommandReader(reader);
        try {
            for (List<String> words = incoming.next(io); words != null; words = incoming.next(io)) {
                if (!words.isEmpty() && !execute(io, words, writing)) {
                    return;
                }
                if (out.size() > SENT_AT_ONCE_BYTES) {
                    send(io);
                }
            }
        } catch (ProtocolException mistake) {
            out.error("ERR " + mistake.getMessage());
        }
    }

    /** Does a command; false if it is the last one. */
    private boolean execute(Io io, List<String> words, Group writing) {
        switch (words.getFirst().toUpperCase(Locale.ROOT)) {
            case "QUIT" -> {
                out.ok();
                return false;
            }
            case "SUBSCRIBE" -> {
                if (words.size() == 1) {
                    out.error("ERR wrong number of arguments for 'subscribe' command");
                } else {
                    subscribe(io, words.subList(1, words.size()), writing);
                }
            }
            case "UNSUBSCRIBE" -> unsubscribe(words.subList(1, words.size()));
            default -> {
                if (isSubscribed() && words.getFirst().equalsIgnoreCase("PING")) {
                    out.array(2).bulk("pong").bulk(words.size() > 1 ? words.get(1) : "");
                } else if (isSubscribed()) {
                    out.error("ERR Can't execute '" + words.getFirst().toLowerCase(Locale.ROOT)
                            + "': only SUBSCRIBE / UNSUBSCRIBE / PING / QUIT are allowed in this context");
                } else {
                    mutex.withLock(io, () -> commands.run(words, out));
                }
            }
        }
        return true;
    }

    /** Sends what was told: by the outbox if there is one, as only one task at a time may write. */
    private void send(Io io) throws IOException {
        if (out.size() > 0) {
            if (outbox != null) {
                outbox.send(io, out.copy());
            } else {
                stream.writeAll(io, ByteBuffer.wrap(out.bytes(), 0, out.size()));
            }
            out.clear();
        }
    }

    // ---------------------------------------------------------------- messages

    private boolean isSubscribed() {
        return outbox != null && !outbox.topics.isEmpty();
    }

    private void subscribe(Io io, List<String> wanted, Group writing) {
        Outbox box = outbox;
        if (box == null) {
            box = new Outbox(stream);
            Outbox started = box;
            if (writing.concurrent(io, () -> started.run(io)).isLeft()) {
                out.error("ERR there is no task left to send messages");
                return;
            }
            outbox = box;
        }
        for (String topic : wanted) {
            box.topics.add(topic);
            out.array(3).bulk("subscribe").bulk(topic).number(box.topics.size());
        }
        // The replies go first: what is published from now on comes behind them.
        box.offer(out.copy());
        out.clear();
        for (String topic : wanted) {
            topics.add(topic, box);
        }
    }

    private void unsubscribe(List<String> named) {
        Outbox box = outbox;
        List<String> left = !named.isEmpty() || box == null ? named : List.copyOf(box.topics);
        if (left.isEmpty()) {
            out.array(3).bulk("unsubscribe").bulk(null).number(0);
        }
        for (String topic : left) {
            if (box != null && box.topics.remove(topic)) {
                topics.remove(topic, box);
            }
            out.array(3).bulk("unsubscribe").bulk(topic).number(box == null ? 0 : box.topics.size());
        }
    }

    private void leaveTopics() {
        Outbox box = outbox;
        if (box != null) {
            box.topics.forEach(topic -> topics.remove(topic, box));
        }
    }
}
