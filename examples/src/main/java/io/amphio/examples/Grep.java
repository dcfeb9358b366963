package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.stream.Reader;
import io.amphio.sync.Channel;
import io.amphio.sync.Mutex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for lines in all files below some directories: one task walks, a channel hands what it finds to others, which read. */
@Command(
        name = "grep",
        description = {
            "Prints the lines that match, of all files below some directories; binary files are skipped.",
            "The order of the files is that in which they are done. Exit code 0: there are some; 1: there are none; "
                    + "2: something could not be read."
        },
        sortOptions = false)
final class Grep extends Example {
    private static final int LINE_LIMIT_BYTES = 16 << 20;
    private static final int READ_BYTES = 64 << 10;
    private static final int HELD_BACK_BYTES = 1 << 20;
    private static final int FOUND_AHEAD = 256;

    @Parameters(index = "0", paramLabel = "PATTERN", description = "A regular expression, as Java has them.")
    String expression = "";

    @Parameters(index = "1..*", paramLabel = "PATH", description = "Files and directories. Default: the current one")
    List<Path> paths = List.of();

    @Option(names = "-i", description = "Upper and lower case are the same.")
    boolean ignoresCase;

    @Option(names = "-n", description = "Print the numbers of the lines.")
    boolean numbers;

    @Option(names = "-l", description = "Print only the names of files that have such lines.")
    boolean namesOnly;

    @Option(names = "-c", description = "Print only how many such lines each file has.")
    boolean countsOnly;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "16",
            description = "How many files are read at once. Default: ${DEFAULT-VALUE}")
    int parallel;

    PrintStream out = System.out;
    PrintStream err = System.err;

    private final Channel<Path> found = new Channel<>(FOUND_AHEAD);
    private final Mutex stdout = new Mutex(); // the lines of a file stay together
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicInteger matched = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private boolean printsNames; // set before there are other tasks

    @Override
    protected void run(Io io, IoRuntime runtime) {
        int flags = Pattern.UNIX_LINES | (ignoresCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        Pattern compiled;
        try {
            compiled = Pattern.compile(expression, flags);
        } catch (PatternSyntaxException malformed) {
            throw wrongOption(malformed.getMessage());
        }
        if (parallel < 1) {
            throw wrongOption("--parallel: 1 or more");
        }
        exitWith(130); // as a shell says of who was interrupted
        List<Path> roots = paths.isEmpty() ? List.of(Path.of("")) : paths;
        printsNames = roots.size() > 1 || io.<Boolean, RuntimeException>call(io, () -> Files.isDirectory(roots.get(0)));
        try (Group showing = new Group();
                Group tasks = new Group()) {
            Progress.show(io, showing, () -> read + " files read, " + matched + " of them match");
            for (int i = 0; i < parallel; i++) {
                tasks.concurrent(io, () -> found.forEach(io, file -> search(io, compiled, file)))
                        .getOrElseThrow(none -> none.asException());
            }
            walk(io, roots);
            found.close();
            tasks.await(io);
        }
        exitWith(failed.get() > 0 ? 2 : matched.get() > 0 ? 0 : 1);
    }

    /** Hands all files below {@code roots} to those who read, waiting while they are behind. */
    private void walk(Io io, List<Path> roots) {
        // The JDK lists directories by blocking, so this is for a thread that may; it is the same task all the same.
        io.<RuntimeException>call(io, () -> {
            for (Path root : roots) {
                try {
                    Files.walkFileTree(root, new Visitor(io, root));
                } catch (IOException impossible) {
                    complain(root, impossible); // the visitor throws none
                }
            }
        });
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Io io;
        private final Path root;

        Visitor(Io io, Path root) {
            this.io = io;
            this.root = root;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // What was named is read whatever it is; what a walk finds, only if it is a file.
            if (attributes.isRegularFile() || file.equals(root)) {
                found.send(io, file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            complain(file, failure);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            if (failure != null) {
                complain(directory, failure);
            }
            return FileVisitResult.CONTINUE;
        }
    }

    private void complain(Path file, IOException failure) {
        failed.incrementAndGet();
        String why = failure instanceof NoSuchFileException
                ? "no such file or directory"
                : failure instanceof AccessDeniedException ? "permission denied" : failure.getMessage();
        err.println("grep: " + file + ": " + why);
    }

    // ---------------------------------------------------------------- one file

    private void search(Io io, Pattern compiled, Path path) {
        try (File file = io.fs().open(io, path, OpenOptions.reading());
                Output output = new Output(io)) {
            Reader reader = new Reader(new FileSource(file), READ_BYTES);
            // Most binary files show at the beginning that they are.
            int count =
                    reader.isAtEnd(io) || isBinary(reader.peek(io, 1)) ? 0 : search(io, compiled, path, reader, output);
            if (namesOnly && count > 0) {
                output.line(path.toString(), new byte[0]);
            } else if (countsOnly && !namesOnly) {
                output.line((printsNames ? path + ":" : "") + count, new byte[0]);
            }
            matched.addAndGet(count > 0 ? 1 : 0);
            output.write();
        } catch (IOException failure) {
            failed.incrementAndGet();
            err.println("grep: " + failure.getMessage()); // which names the file
        } finally {
            read.incrementAndGet();
        }
    }

    /** Returns how many lines match, having put them out; 0 if the file turns out to be a binary one. */
    private int search(Io io, Pattern compiled, Path path, Reader reader, Output output) throws IOException {
        int count = 0;
        long number = 1;
        for (byte[] line = next(io, reader); line != null; line = next(io, reader)) {
            if (isBinary(ByteBuffer.wrap(line))) {
                output.discard();
                return 0;
            }
            if (compiled.matcher(new String(line, StandardCharsets.UTF_8)).find()) {
                count++;
                if (namesOnly) {
                    return count;
                }
                if (!countsOnly) {
                    output.line((printsNames ? path + ":" : "") + (numbers ? number + ":" : ""), line);
                }
            }
            number++;
        }
        return count;
    }

    private static byte @Nullable [] next(Io io, Reader reader) throws IOException {
        return reader.readUntil(io, (byte) '\n', LINE_LIMIT_BYTES);
    }

    private static boolean isBinary(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == 0) {
                return true;
            }
        }
        return false;
    }

    /** What is to be printed of a file: all of it at the end, or, if it is much, as it comes, and that of no other meanwhile. */
    private final class Output implements AutoCloseable {
        private final Io io;
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        private boolean locked;

        Output(Io io) {
            this.io = io;
        }

        void line(String prefix, byte[] line) {
            lines.writeBytes(prefix.getBytes(StandardCharsets.UTF_8));
            lines.writeBytes(line);
            lines.write('\n');
            if (lines.size() > HELD_BACK_BYTES) {
                write();
            }
        }

        void discard() {
            lines.reset();
        }

        void write() {
            if (lines.size() > 0) {
                if (!locked) {
                    stdout.lock(io);
                    locked = true;
                }
                io.<RuntimeException>call(io, () -> {
                    out.writeBytes(lines.toByteArray());
                    out.flush();
                });
                lines.reset();
            }
        }

        @Override
        public void close() {
            if (locked) {
                stdout.unlock();
            }
        }
    }
}
