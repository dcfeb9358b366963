package io.amphio.evented.loop;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketType;
import io.amphio.evented.backend.nio.NioProvider;
import io.amphio.spi.files.DirCalls;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** NIO, and a test that is told what a loop calls: {@code prepare}, {@code open}, {@code flush}, {@code poll}. */
final class ObservedProvider implements BackendProvider {
    private final NioProvider real = new NioProvider();
    private final Consumer<String> observer;

    /** The observer is called on the thread of the call, inside of it. */
    ObservedProvider(Consumer<String> observer) {
        this.observer = observer;
    }

    @Override
    public String name() {
        return "observed";
    }

    @Override
    public void prepare() {
        observer.accept("prepare");
        real.prepare();
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        observer.accept("open");
        Backend backend = real.open(sink);
        return new Backend() {
            @Override
            public String name() {
                return ObservedProvider.this.name();
            }

            @Override
            public boolean supports(Operation.Kind kind) {
                return backend.supports(kind);
            }

            @Override
            public void submit(Operation operation) {
                backend.submit(operation);
            }

            @Override
            public void cancel(Operation operation) {
                backend.cancel(operation);
            }

            @Override
            public void poll(long timeoutNanos) {
                observer.accept("poll");
                backend.poll(timeoutNanos);
            }

            @Override
            public void flush() {
                observer.accept("flush");
                backend.flush();
            }

            @Override
            public void wake() {
                backend.wake();
            }

            @Override
            public void close() {
                backend.close();
            }
        };
    }

    @Override
    public Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        return real.openSocket(family, type);
    }

    @Override
    public Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        return real.openListener(family);
    }

    @Override
    public PipeEnds openPipe() throws Failure {
        return real.openPipe();
    }

    @Override
    public Descriptor adopt(int number) {
        return real.adopt(number);
    }

    @Override
    public Descriptor standard(int number) {
        return real.standard(number);
    }

    @Override
    public DirCalls<Descriptor> openDirectory(Path path, boolean confined) throws IOException {
        return real.openDirectory(path, confined);
    }

    @Override
    public BlockingCalls blockingCalls() {
        return real.blockingCalls();
    }
}
