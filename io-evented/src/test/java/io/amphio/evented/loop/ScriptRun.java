package io.amphio.evented.loop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a script on one loop, on the calling thread, and writes down what came of each step.
 *
 * <p>It keeps count of what lies in each connection, so it knows which operation must end and which must wait; one that waits
 * is written down when it ends. How a stream is cut into pieces on the way is nobody's promise over TCP, so there only the
 * bytes count.
 */
final class ScriptRun {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int MOST_BYTES = 3_000; // in one direction: so that no send has to wait
    private static final String[] NAMES = {"a", "b", "c", "d", "d/x", "d/d", "none/x", "a/x"};

    private final EventLoop loop;
    private final Path folder;
    private final Script script;
    private final List<String> transcript = new ArrayList<>();
    private final @Nullable ScriptChannel[] channels = new ScriptChannel[ScriptChannel.KINDS];
    private final @Nullable LoopFile[] files = new LoopFile[3];
    private final LoopDatagramSocket[] sockets = new LoopDatagramSocket[2];
    private final int[] datagrams = new int[2]; // on their way to each
    private @Nullable LoopDirectory directory;

    private ScriptRun(EventLoop loop, Path folder, Script script) {
        this.loop = loop;
        this.folder = folder;
        this.script = script;
    }

    /** Returns what came of each step. */
    static List<String> run(EventLoop loop, Path parent, Script script) throws Exception {
        Path folder = Files.createDirectory(parent.resolve("s" + script.seed()));
        var run = new ScriptRun(loop, folder, script);
        try {
            for (Script.Step step : script.steps()) {
                run.step(step);
            }
        } catch (Throwable e) {
            run.say("threw " + e);
            throw new AssertionError("script " + script.seed() + " " + script.steps() + ": " + run.transcript, e);
        } finally {
            run.end();
            deleteAll(folder);
        }
        return run.transcript;
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private void say(String what) {
        transcript.add(what);
    }

    // ---- operations

    private <C extends Completion> C await(Function<Consumer<C>, C> operation) {
        C completion = operation.apply(ended -> {});
        loop.submit(completion);
        return ended(completion);
    }

    <C extends Completion> C ended(C completion) {
        long start = System.nanoTime();
        while (completion.isInFlight()) {
            loop.runOnce(Duration.ofMillis(100));
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError(completion + " does not end");
            }
        }
        return completion;
    }

    static String outcome(Completion ended, Object result) {
        OperationException failure = ended.failure();
        return failure == null ? String.valueOf(result) : String.valueOf(failure.errno());
    }

    private static String bytes(ByteBuffer... buffers) {
        var text = new StringBuilder();
        for (ByteBuffer buffer : buffers) {
            byte[] read = new byte[buffer.position()];
            buffer.flip().get(read);
            text.append(text.isEmpty() ? "" : "|")
                    .append(Arrays.hashCode(read))
                    .append('/')
                    .append(read.length);
        }
        return text.toString();
    }

    /** One buffer or two, on the heap or not, with this much room. */
    private static ByteBuffer[] buffers(int size, int shape) {
        int first = (shape & 1) == 0 ? size : size / 3;
        ByteBuffer one = (shape & 2) == 0 ? ByteBuffer.allocate(first) : ByteBuffer.allocateDirect(first);
        return (shape & 1) == 0 ? new ByteBuffer[] {one} : new ByteBuffer[] {one, ByteBuffer.allocate(size - first)};
    }

    private static ByteBuffer[] filled(int size, int shape) {
        ByteBuffer[] buffers = buffers(size, shape);
        byte next = (byte) shape;
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                buffer.put(next++);
            }
            buffer.flip();
        }
        return buffers;
    }

    private void step(Script.Step step) throws Exception {
        int a = step.a();
        int b = step.b();
        int c = step.c();
        switch (step.action()) {
            case SEND, RECEIVE, POLL, CANCEL, TIME_OUT, SHUTDOWN, CLOSE -> onChannel(step);
            case SEND_TO -> sendTo(a % 2, b % 400, c);
            case RECEIVE_FROM -> receiveFrom(a % 2, b % 400, c);
            case REFUSED -> refused();
            case RACE -> race(a % 5);
            case WORK ->
                say("work "
                        + this.<Work<Integer>>await(done -> new Work<>(() -> a + b, done))
                                .result());
            case OPEN -> open(a % files.length, name(b), c);
            case READ, WRITE, TRUNCATE, SYNC, STAT, CLOSE_FILE, COPY -> onFile(step, files[a % files.length]);
            default -> onNames(step);
        }
    }

    // ---- streams

    private void onChannel(Script.Step step) throws Exception {
        int kind = step.a() % ScriptChannel.KINDS;
        ScriptChannel channel = channels[kind];
        if (channel == null) {
            channel = ScriptChannel.open(this, loop, folder, kind);
            channels[kind] = channel;
        }
        ScriptChannel.End end = channel.end(step.a() / ScriptChannel.KINDS % 2);
        String what = step.action() + " " + kind + ": ";
        switch (step.action()) {
            case SEND -> say(what + end.send(filled(step.b() % 300, step.c()), MOST_BYTES));
            case RECEIVE -> say(what + end.receive(buffers(step.b() % 300, step.c())));
            case POLL -> say(what + end.poll(step.b() % 2 == 0));
            case CANCEL -> say(what + end.cancel());
            case TIME_OUT -> say(what + end.timeOut());
            case SHUTDOWN -> say(what + end.shutdown());
            default -> say(what + end.close());
        }
    }

    /** A port that somebody holds and nobody listens at: a free one may become another's, or the connecting socket's own. */
    private void refused() throws Exception {
        try (var nobody = SocketChannel.open().bind(Tcp.loopback(0));
                var socket = LoopSocket.open(loop, null)) {
            InetSocketAddress address = (InetSocketAddress) nobody.getLocalAddress();
            say("connect " + outcome(await((Consumer<Connect> done) -> new Connect(socket, address, done)), "done"));
        }
    }

    private void race(int losers) throws Exception {
        try (var pipe = LoopPipe.open(loop);
                var other = LoopPipe.open(loop)) {
            var members = new ArrayList<Completion>();
            members.add(new Poll(pipe.source(), Poll.Readiness.READABLE, ended -> {}));
            members.add(new Receive(other.source(), ended -> {}, ByteBuffer.allocate(4)));
            for (int i = 0; i < losers; i++) {
                members.add(CompletionGroup.all(ended -> {}, List.of()));
            }
            if (losers == 0) {
                other.sink().trySend(ByteBuffer.allocate(2));
            }
            CompletionGroup race = await(done -> CompletionGroup.race(done, members));
            say("race " + members.indexOf(Objects.requireNonNull(race.first())) + " "
                    + members.stream().map(each -> outcome(each, "done")).toList());
        }
    }

    // ---- datagrams

    private LoopDatagramSocket socket(int side) throws IOException {
        if (sockets[side] == null) {
            sockets[side] = LoopDatagramSocket.open(loop, java.net.StandardProtocolFamily.INET);
            sockets[side].bind(Tcp.loopback(0));
        }
        return sockets[side];
    }

    private void sendTo(int from, int size, int shape) throws Exception {
        InetSocketAddress address = Tcp.addressOf(socket(1 - from));
        LoopDatagramSocket socket = socket(from);
        SendTo send = await(done -> new SendTo(socket, address, done, filled(size, shape)));
        datagrams[1 - from]++;
        say("send to " + outcome(send, send.bytes()));
    }

    private void receiveFrom(int side, int room, int shape) throws Exception {
        LoopDatagramSocket socket = socket(side);
        ByteBuffer[] buffers = buffers(room, shape);
        if (datagrams[side] == 0) {
            var receive = new ReceiveFrom(socket, ended -> {}, buffers);
            loop.submit(receive, Duration.ZERO);
            say("receive from " + outcome(ended(receive), "something"));
        } else {
            ReceiveFrom receive = await(done -> new ReceiveFrom(socket, done, buffers));
            datagrams[side]--;
            boolean known = Objects.equals(receive.from(), socket(1 - side).localAddress());
            say("receive from " + receive.bytes() + receive.isTruncated() + known + bytes(buffers));
        }
    }

    // ---- files

    private FileName name(int number) {
        String name = NAMES[number % NAMES.length];
        return number / NAMES.length % 2 == 0 || directory == null
                ? FileName.of(folder.resolve(name).toString())
                : directory.name(name);
    }

    private void open(int slot, FileName name, int how) throws IOException {
        if (directory == null) {
            directory = this.<OpenDirectory>await(done -> new OpenDirectory(FileName.of(folder.toString()), done))
                    .directory();
        }
        FileOptions options = switch (how % 4) {
            case 0 -> FileOptions.reading();
            case 1 -> FileOptions.writing();
            case 2 -> FileOptions.readingAndWriting();
            default -> FileOptions.appending();
        };
        options = (how & 4) == 0 ? options.create() : options;
        options = (how & 0x30) == 0x30 ? options.createNew() : options;
        options = (how & 8) == 0 || how % 4 == 0 ? options : options.truncate();
        options = (how & 0xc0) == 0xc0 ? options.noFollow() : options;
        FileOptions chosen = options.mode(0640);
        OpenFile open = await(done -> new OpenFile(name, chosen, done));
        say("open " + outcome(open, "done"));
        if (open.failure() == null) {
            LoopFile before = files[slot];
            if (before != null) {
                before.close();
            }
            files[slot] = open.file();
        }
    }

    private void onFile(Script.Step step, @Nullable LoopFile file) throws Exception {
        if (file == null) {
            return;
        }
        long offset = step.b() % 3 == 0 ? ReadFile.STREAMING : step.b() % 600;
        ByteBuffer[] buffers = step.action() == Script.Action.READ
                ? buffers(step.c() % 500, step.c())
                : filled(step.c() % 500, step.c());
        String what = step.action() + ": ";
        switch (step.action()) {
            case READ -> {
                ReadFile read = await(done -> new ReadFile(file, offset, done, buffers));
                say(what + outcome(read, read.failure() == null ? read.bytes() + bytes(buffers) : ""));
            }
            case WRITE -> {
                WriteFile write = await(done -> new WriteFile(file, offset, done, buffers));
                say(what + outcome(write, write.failure() == null ? write.bytes() : 0));
            }
            case TRUNCATE ->
                say(what
                        + outcome(
                                await((Consumer<FileChange> done) -> FileChange.truncate(file, step.b() % 900, done)),
                                "done"));
            case SYNC ->
                say(what
                        + outcome(
                                await((Consumer<FileChange> done) -> step.b() % 2 == 0
                                        ? FileChange.sync(file, done)
                                        : FileChange.dataSync(file, done)),
                                "done"));
            case STAT -> {
                FileStat stat = await(done -> new FileStat(file, done));
                say(what + outcome(stat, stat.failure() == null ? stat.info().size() : 0));
            }
            case COPY -> copy(file, step.b() % 300, step.c() % 500);
            default -> say(what + outcome(await((Consumer<Close> done) -> new Close(file, done)), "done"));
        }
    }

    private void copy(LoopFile file, long offset, long length) throws IOException {
        try (var pipe = LoopPipe.open(loop)) {
            CopyFile copy = await(done -> new CopyFile(file, offset, length, pipe.sink(), done));
            ByteBuffer received = ByteBuffer.allocate(600);
            pipe.source().tryReceive(received);
            say("copy " + (copy.failure() == null ? copy.bytes() + bytes(received) : "failed"));
        }
    }

    private void onNames(Script.Step step) throws IOException {
        FileName one = name(step.a());
        FileName other = name(step.b());
        if (step.action() == Script.Action.STAT_NAME) {
            FileStat stat = await(done -> new FileStat(one, step.b() % 2 == 0, done));
            String info = stat.failure() != null
                    ? ""
                    : stat.info().type() + " " + stat.info().size() + " "
                            + stat.info().mode() + " " + stat.info().links();
            say("STAT_NAME: " + outcome(stat, info));
            return;
        }
        FileChange change = await(done -> switch (step.action()) {
            case RENAME -> FileChange.rename(one, other, true, done);
            case LINK -> FileChange.link(one, other, done);
            case SYMLINK -> FileChange.symbolicLink(NAMES[step.a() % NAMES.length], other, done);
            case UNLINK -> FileChange.unlink(one, done);
            case MAKE_DIRECTORY -> FileChange.makeDirectory(one, 0700, done);
            default -> FileChange.removeDirectory(one, done);
        });
        say(step.action() + ": " + outcome(change, "done"));
    }

    // ---- the end

    private void end() throws Exception {
        for (ScriptChannel channel : channels) {
            if (channel != null) {
                say(channel.closeAll());
            }
        }
        for (LoopHandle handle : handles()) {
            await((Consumer<Close> done) -> new Close(handle, done));
        }
        loop.runUntilIdle();
    }

    private List<LoopHandle> handles() {
        var all = new ArrayList<LoopHandle>();
        all.addAll(Arrays.asList(files));
        all.addAll(Arrays.asList(sockets));
        all.add(directory);
        all.removeIf(Objects::isNull);
        return all;
    }
}
