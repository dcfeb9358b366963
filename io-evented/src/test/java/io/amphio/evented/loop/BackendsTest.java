package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketType;
import io.amphio.evented.backend.nio.NioProvider;
import io.amphio.spi.files.DirCalls;
import java.net.ProtocolFamily;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which backends there are, and which of them is taken. */
class BackendsTest {
    /** One that this machine does not have. */
    private static final class Refused implements BackendProvider {
        @Override
        public DirCalls<Descriptor> openDirectory(Path path, boolean confined) {
            throw new AssertionError();
        }

        @Override
        public String name() {
            return "refused";
        }

        @Override
        public String refusal() {
            return "operation not permitted (EPERM)";
        }

        @Override
        public Backend open(CompletionSink sink) {
            throw new AssertionError();
        }

        @Override
        public Descriptor openSocket(ProtocolFamily family, SocketType type) {
            throw new AssertionError();
        }

        @Override
        public Descriptor openListener(ProtocolFamily family) {
            throw new AssertionError();
        }

        @Override
        public PipeEnds openPipe() {
            throw new AssertionError();
        }

        @Override
        public Descriptor adopt(int number) {
            throw new AssertionError();
        }

        @Override
        public Descriptor standard(int number) {
            throw new AssertionError();
        }

        @Override
        public BlockingCalls blockingCalls() {
            throw new AssertionError();
        }
    }

    private static List<String> on(String osName) {
        return Backends.of(osName).stream().map(BackendProvider::name).toList();
    }

    @Test
    void a_system_lists_what_it_can_have_the_best_first() {
        var linux = on("Linux");
        assertEquals("nio", linux.getLast());
        assertEquals(true, linux.contains("epoll"));
        assertEquals(System.getenv("KQUEUE_LIBRARY") != null, linux.contains("kqueue"));
        assertEquals(List.of("kqueue", "nio"), on("Mac OS X"));
        assertEquals(List.of("kqueue", "nio"), on("FreeBSD"));
        assertEquals(List.of("nio"), on("Windows 11"));
    }

    @Test
    void automatically_the_first_that_the_machine_gives_is_taken() {
        var nio = new NioProvider();
        assertSame(nio, Backends.firstAvailable(List.of(new Refused(), nio)));
    }

    @Test
    void one_that_is_named_and_refused_is_an_error_with_the_reason() {
        var all = List.of(new Refused(), new NioProvider());
        var failure = assertThrows(IllegalArgumentException.class, () -> Backends.choose("refused", all));
        assertEquals(
                "backend \"refused\" is not available here: operation not permitted (EPERM)", failure.getMessage());
        assertEquals(
                "no backend is called \"fast\"; there are auto, refused, nio",
                assertThrows(IllegalArgumentException.class, () -> Backends.choose("fast", all))
                        .getMessage());
    }
}
