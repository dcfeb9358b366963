package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.LimitExceededException;
import io.amphio.stream.Reader;
import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.LaggedException;
import io.amphio.sync.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A room to talk in, for {@code nc} and {@code telnet}: what one says goes to all others, by a channel that waits for nobody. */
@Command(
        name = "chat",
        description =
                "A TCP server to talk in: nc 127.0.0.1 8080, and then a name. /who tells who is there, /quit leaves.",
        sortOptions = false)
final class Chat extends Service {
    private static final int LINE_LIMIT_BYTES = 1000;
    private static final int KEPT_MESSAGES = 256;
    private static final Duration LAST_WORD_LIMIT = Duration.ofSeconds(1);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]{1,20}");

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long a guest may take to take a message. Default: ${DEFAULT-VALUE}")
    double patienceSeconds;

    private record Message(String from, String text) {}

    private final BroadcastChannel<Message> room = new BroadcastChannel<>(KEPT_MESSAGES);
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    @Override
    protected void run(Io io, IoRuntime runtime) throws IOException {
        if (!(patienceSeconds > 0 && patienceSeconds < 1e9)) {
            throw wrongOption("--patience: above zero");
        }
        try (Server server = io.net().listen(address())) {
            ready("listening on 127.0.0.1:" + server.localAddress().getPort());
            serve(io, server);
        }
    }

    void serve(Io io, Server server) throws IOException {
        try (Group guests = new Group()) {
            while (true) {
                Stream stream = server.accept(io);
                TaskOptions options =
                        TaskOptions.named("chat " + stream.remoteAddress()).withPlacement(Placement.SPREAD);
                if (guests.concurrent(io, options, () -> welcome(io, stream)).isLeft()) {
                    stream.close(); // as many as can be
                }
            }
        }
    }

    private void welcome(Io io, Stream stream) {
        try (stream) {
            stream.setWriteTimeout(Timeout.after(Duration.ofNanos((long) (patienceSeconds * 1e9))));
            Reader reader = new Reader(stream);
            String name = askForName(io, stream, reader);
            if (name != null) {
                try {
                    talk(io, stream, reader, name);
                } finally {
                    names.remove(name);
                    room.send(new Message("", name + " has left"));
                }
            }
        } catch (IOException | TimedOutException gone) {
            // The guest's business, and nobody else's.
        }
    }

    private @Nullable String askForName(Io io, Stream stream, Reader reader) throws IOException {
        say(io, stream, "Your name?");
        for (String line = readLine(io, reader); line != null; line = readLine(io, reader)) {
            String name = line.strip();
            if (!NAME.matcher(name).matches()) {
                say(io, stream, "A name has 1 to 20 letters, digits, - and _. Your name?");
            } else if (!names.add(name)) {
                say(io, stream, name + " is here already. Your name?");
            } else {
                return name;
            }
        }
        return null;
    }

    private void talk(Io io, Stream stream, Reader reader, String name) throws IOException {
        try (Subscription<Message> heard = room.subscribe();
                Group listening = new Group()) {
            say(io, stream, "Hello " + name + ". Here are: " + String.join(", ", new TreeSet<>(names)));
            room.send(new Message("", name + " has come"));
            listening
                    .concurrent(io, () -> listen(io, stream, heard, name))
                    .getOrElseThrow(none -> new IOException(none.reason()));
            for (String line = readLine(io, reader); line != null; line = readLine(io, reader)) {
                // What others would see of control characters is up to their terminals: not to the one who sends them.
                String text = line.replaceAll("\\p{Cntrl}", "").strip();
                switch (text) {
                    case "" -> {}
                    case "/quit" -> {
                        return;
                    }
                    case "/who" -> room.send(new Message(name, "/who"));
                    default -> room.send(new Message(name, text));
                }
            }
        }
    }

    /** Writes to a guest what the others say; by this task alone, as one at a time may write. */
    private void listen(Io io, Stream stream, Subscription<Message> heard, String name) {
        try {
            heard.forEach(io, message -> {
                boolean isOwn = message.from.equals(name);
                if (message.text.equals("/who")) {
                    if (isOwn) { // this way it is this task that answers
                        say(io, stream, "* " + String.join(", ", new TreeSet<>(names)));
                    }
                } else if (!isOwn) {
                    say(io, stream, message.from.isEmpty() ? "* " + message.text : message.from + ": " + message.text);
                }
            });
        } catch (LaggedException slow) {
            System.err.println("chat: " + name + " is dropped: " + slow.getMessage());
            lastWord(io, stream, "* You are dropped: you do not keep up.");
        } catch (TimedOutException slow) {
            System.err.println("chat: " + name + " is dropped: " + slow.getMessage());
        } catch (IOException gone) {
            // It has left.
        } finally {
            stream.close(); // which the reading task sees
        }
    }

    private static void say(Io io, Stream stream, String line) throws IOException {
        stream.writeAll(io, StandardCharsets.UTF_8.encode(line + "\n"));
    }

    private static void lastWord(Io io, Stream stream, String line) {
        try {
            stream.setWriteTimeout(Timeout.after(LAST_WORD_LIMIT));
            say(io, stream, line);
        } catch (IOException | TimedOutException gone) {
            // It was told on stderr.
        }
    }

    private static @Nullable String readLine(Io io, Reader reader) throws IOException {
        try {
            return reader.readLine(io, LINE_LIMIT_BYTES);
        } catch (LimitExceededException tooLong) {
            return null; // who sends such lines is no guest of ours
        }
    }
}
