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
import io.amphio.spi.process.PipeEnd;
import io.amphio.spi.process.PipeErrors;
import io.amphio.spi.process.PipeMaker;
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

    private abstract class End extends PipeEnd {
        final LoopPipeEnd end;

        End(String stream, String verb, LoopPipeEnd end) {
            super(stream, verb);
            this.end = end;
        }

        abstract long tryTo(ByteBuffer[] buffers) throws IOException;

        @Override
        protected final long attempt(ByteBuffer[] buffers) throws IOException {
            try {
                return tryTo(buffers);
            } catch (IOException thrown) {
                if (end.isClosed()) {
                    throw PipeErrors.closed(what());
                }
                String reason = thrown instanceof OperationException told ? told.reason() : thrown.getMessage();
                throw PipeErrors.of(what(), reason, thrown);
            }
        }

        final void awaitReady(Io io, Poll.Readiness readiness, Timeout limit) {
            LoopWait.untilReady(io, loops.get(), end, readiness, what(), limit);
        }

        final void closeEnd() {
            handles.close(end);
        }
    }

    private final class Source extends End implements PipeSource {
        Source(String stream, LoopPipeEnd end) {
            super(stream, "read", end);
        }

        @Override
        long tryTo(ByteBuffer[] buffers) throws IOException {
            return end.tryReceive(buffers);
        }

        @Override
        protected void awaitReady(Io io, Timeout limit) {
            awaitReady(io, Poll.Readiness.READABLE, limit);
        }

        @Override
        public int read(Io io, ByteBuffer target) throws IOException {
            return (int) transfer(io, target);
        }

        @Override
        public long read(Io io, ByteBuffer... targets) throws IOException {
            return transfer(io, targets);
        }

        @Override
        public void setReadTimeout(Timeout timeout) {
            setTimeout(timeout);
        }

        @Override
        public void close() {
            closeEnd();
        }
    }

    private final class Sink extends End implements PipeSink {
        Sink(String stream, LoopPipeEnd end) {
            super(stream, "write", end);
        }

        @Override
        long tryTo(ByteBuffer[] buffers) throws IOException {
            return end.trySend(buffers);
        }

        @Override
        protected void awaitReady(Io io, Timeout limit) {
            awaitReady(io, Poll.Readiness.WRITABLE, limit);
        }

        @Override
        public int write(Io io, ByteBuffer source) throws IOException {
            return (int) transfer(io, source);
        }

        @Override
        public long write(Io io, ByteBuffer... sources) throws IOException {
            return transfer(io, sources);
        }

        @Override
        public void setWriteTimeout(Timeout timeout) {
            setTimeout(timeout);
        }

        @Override
        public void close() {
            closeEnd();
        }
    }
}
