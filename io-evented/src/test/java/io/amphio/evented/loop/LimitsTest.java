package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Limit;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a backend cannot do throws and says what could; and the page on support lists just that. */
class LimitsTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";
    private static final String TITLE = "## What a backend cannot do";

    private static final class Asking {
        private final EventLoop loop;

        Asking(EventLoop loop) {
            this.loop = loop;
        }

        private Executable submit(Completion completion) {
            return () -> loop.submit(completion);
        }

        Executable forIt(Limit limit) {
            FileName name = FileName.of("none");
            return switch (limit) {
                case UNIX_DATAGRAMS ->
                    () -> LoopDatagramSocket.open(loop, java.net.StandardProtocolFamily.UNIX)
                            .close();
                case ABSTRACT_ADDRESSES -> this::listenAtAbstractAddress;
                case FOREIGN_DESCRIPTORS -> () -> LoopFd.adopt(loop, 0).close();
                case OPEN_BENEATH ->
                    submit(new OpenFile(name, FileOptions.reading().beneath(), ended -> {}));
                case RENAME_EXCLUSIVE -> submit(FileChange.rename(name, name, false, ended -> {}));
                case READ_AND_APPEND -> () -> require(OpenFlags.READ | OpenFlags.APPEND);
                case ALLOCATE -> () -> loop.provider().requireSupported(new Operation(Operation.Kind.ALLOCATE, this));
            };
        }

        private void listenAtAbstractAddress() throws java.io.IOException {
            try (LoopListener listener = LoopListener.open(loop, java.net.StandardProtocolFamily.UNIX)) {
                listener.bind(io.amphio.net.AbstractUnixAddress.of("amphio " + System.nanoTime()), 0);
            }
        }

        private void require(int flags) {
            var open = new Operation(Operation.Kind.OPEN, this);
            open.setFlags(flags, 0);
            loop.provider().requireSupported(open);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void each_limit_throws_naming_what_could_and_nothing_else_throws(String backend) throws Exception {
        try (var on = new OnBackend(backend)) {
            Set<Limit> limits = on.loop.provider().limits();
            for (Limit limit : Limit.values()) {
                Executable asking = new Asking(on.loop).forIt(limit);
                if (limits.contains(limit)) {
                    var refused = assertThrows(UnsupportedOperationException.class, asking, limit::name);
                    assertEquals(
                            limit.text() + ": not on the backend " + backend + "; use " + limit.instead(),
                            refused.getMessage());
                } else {
                    executeWhateverTheSystemSays(asking);
                }
            }
        }
    }

    private static void executeWhateverTheSystemSays(Executable asking) {
        try {
            asking.execute();
        } catch (java.io.IOException theSystemSaysNo) {
            // not a limit of the backend
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_page_on_support_lists_them() throws Exception {
        Path page = Path.of("../docs/support.md");
        List<String> lines = Files.readAllLines(Files.exists(page) ? page : Path.of("docs/support.md"));
        int title = lines.indexOf(TITLE);
        assertTrue(title >= 0, TITLE);
        Set<String> listed = lines.subList(title + 1, lines.size()).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = Arrays.stream(Limit.values())
                .map(limit -> "| " + limit.text() + " | " + backendsWith(limit) + " | " + limit.instead() + " |")
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(String.join("\n", known), String.join("\n", listed));
    }

    /** Of the backends that open here; the page is about Linux. */
    private static String backendsWith(Limit limit) {
        return OnBackend.all()
                .filter(name -> limitsOf(name).contains(limit))
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
    }

    private static Set<Limit> limitsOf(String backend) {
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend))) {
            return loop.provider().limits();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
