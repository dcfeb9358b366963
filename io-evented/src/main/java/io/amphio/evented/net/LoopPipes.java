package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopPipe;
import io.amphio.evented.loop.LoopPipeEnd;
import io.amphio.evented.loop.OperationException;
import io.amphio.evented.loop.Poll;
import io.amphio.process.PipeSink;
import io.amphio.process.PipeSource;
import io.amphio.spi.ClosedHere;
import io.amphio.spi.process.PipeErrors;
import io.amphio.spi.process.PipeMaker;
import io.amphio.spi.process.PipeSinkEnd;
import io.amphio.spi.process.PipeSourceEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pipes to and from processes whose one end event loops wait for. The process gets the other as the system opens it anew by its name,
 * so that the modes of the two are apart: ours never waits, the process's does.
 */
public final class LoopPipes implements PipeMaker {
    private final Supplier<EventLoop> loops;
    private final OpenHandles handles = new OpenHandles();
    private volatile boolean none; // set by who finds that the backend's pipes have no names

    /**
     * Creates it.
     *
     * @param loops returns the loop to use for an operation that begins now
     */
    public LoopPipes(Supplier<EventLoop> loops) {
        this.loops = loops;
    }

    @Override
    public @Nullable Made<PipeSource> openSource(String stream) throws IOException {
        if (none) {
            return null;
        }
        LoopPipe pipe = LoopPipe.open(loops.get());
        Path name = nameOf(pipe, pipe.sink());
        if (name == null) {
            return null;
        }
        return new Made<>(new Source(stream, adopt(pipe, pipe.source())), name, pipe.sink()::close);
    }

    @Override
    public @Nullable Made<PipeSink> openSink(String stream) throws IOException {
        if (none) {
            return null;
        }
        LoopPipe pipe = LoopPipe.open(loops.get());
        Path name = nameOf(pipe, pipe.source());
        if (name == null) {
            return null;
        }
        return new Made<>(new Sink(stream, adopt(pipe, pipe.sink())), name, pipe.source()::close);
    }

    private @Nullable Path nameOf(LoopPipe pipe, LoopPipeEnd childsEnd) {
        Path name = childsEnd.reopening();
        if (name == null) {
            none = true;
            pipe.close();
        }
        return name;
    }

    private LoopPipeEnd adopt(LoopPipe pipe, LoopPipeEnd ours) {
        boolean added = false;
        try {
            handles.add("spawn", ours);
            added = true;
            return ours;
        } finally {
            if (!added) {
                pipe.close();
            }
        }
    }

    /** Closes all pipes that are open, and lets none be opened any more; who waits for one of them is told. */
    public void close() {
        handles.closeAll();
    }

    /** Makes {@code tried} fail in the words of pipes. */
    private static long attempt(LoopPipeEnd end, String what, Try tried) throws IOException {
        try {
            return tried.run();
        } catch (IOException thrown) {
            if (end.isClosed()) {
                throw new ClosedHere(what);
            }
            String reason = thrown instanceof OperationException told ? told.reason() : thrown.getMessage();
            throw PipeErrors.of(what, reason, thrown);
        }
    }

    @FunctionalInterface
    private interface Try {
        long run() throws IOException;
    }

    private final class Source extends PipeSourceEnd {
        private final LoopPipeEnd end;

        Source(String stream, LoopPipeEnd end) {
            super(stream);
            this.end = end;
        }

        @Override
        protected long attempt(ByteBuffer[] buffers) throws IOException {
            return LoopPipes.attempt(end, what(), () -> end.tryReceive(buffers));
        }

        @Override
        protected void awaitReady(Io io, Timeout limit) {
            LoopWait.untilReady(io, loops.get(), end, Poll.Readiness.READABLE, what(), limit);
        }

        @Override
        public void close() {
            handles.close(end);
        }
    }

    private final class Sink extends PipeSinkEnd {
        private final LoopPipeEnd end;

        Sink(String stream, LoopPipeEnd end) {
            super(stream);
            this.end = end;
        }

        @Override
        protected long attempt(ByteBuffer[] buffers) throws IOException {
            return LoopPipes.attempt(end, what(), () -> end.trySend(buffers));
        }

        @Override
        protected void awaitReady(Io io, Timeout limit) {
            LoopWait.untilReady(io, loops.get(), end, Poll.Readiness.WRITABLE, what(), limit);
        }

        @Override
        public void close() {
            handles.close(end);
        }
    }
}
