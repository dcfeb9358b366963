package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.LinuxLibC;
import java.nio.ByteBuffer;

/** One end of a pipe of ours. A write to one whose other end is closed is EPIPE: the JVM does not let the signal do harm. */
public final class FdPipeEnd extends FdDescriptor {
    private FdPipeEnd(Fd fd) {
        super(fd);
    }

    static PipeEnds open() throws Failure {
        Scratch scratch = Scratch.take();
        try {
            long fds = scratch.addressOf(Scratch.VALUE);
            int flags = LinuxLibC.CLOEXEC | LinuxLibC.NONBLOCK;
            FdErrors.check(Sockets.LINUX ? LinuxLibC.pipe2(fds, flags) : LibC.pipe(fds));
            FdPipeEnd source = new FdPipeEnd(new Fd(scratch.memory.get(JAVA_INT, Scratch.VALUE)));
            FdPipeEnd sink = new FdPipeEnd(new Fd(scratch.memory.get(JAVA_INT, Scratch.VALUE + 4)));
            if (!Sockets.LINUX) {
                setFlags(source, sink);
            }
            return new PipeEnds(source, sink);
        } finally {
            scratch.give();
        }
    }

    private static void setFlags(FdPipeEnd source, FdPipeEnd sink) throws Failure {
        try {
            source.setFlags();
            sink.setFlags();
        } catch (Failure e) {
            source.fd.close();
            sink.fd.close();
            throw e;
        }
    }

    private void setFlags() throws Failure {
        FdErrors.check(LibC.setCloseOnExec(fd.number()));
        FdErrors.check(LibC.setNonBlocking(fd.number()));
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        int number = enter();
        try {
            int edges = readiness(true).edges();
            long count = Transfers.FILE.receive(number, buffers);
            if (count == -LibC.EAGAIN) {
                readiness(true).dry(edges);
            }
            return Transfers.received(count);
        } finally {
            fd.leave();
        }
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        int number = enter();
        try {
            int edges = readiness(false).edges();
            long count = Transfers.FILE.send(number, buffers);
            if (count == -LibC.EAGAIN) {
                readiness(false).dry(edges);
            }
            return Transfers.sent(count);
        } finally {
            fd.leave();
        }
    }
}
