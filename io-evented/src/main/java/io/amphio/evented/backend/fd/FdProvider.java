package io.amphio.evented.backend.fd;

import io.amphio.console.Terminals;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Limit;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketPair;
import io.amphio.evented.backend.SocketType;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.NativeAccess;
import io.amphio.spi.files.DirCalls;
import io.amphio.time.Clock;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens the descriptors of all backends whose descriptors are numbers of a Unix kernel. */
public abstract class FdProvider implements BackendProvider {
    /** Creates a provider; all of them open the same descriptors. */
    protected FdProvider() {}

    @Override
    public @Nullable String refusal() {
        return NativeAccess.refusal();
    }

    @Override
    public void prepare() {
        Sockets.prepare();
        limits(); // and the calls on files
    }

    @Override
    public final Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        return Sockets.openSocket(family, type);
    }

    @Override
    public final Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        return Sockets.openListener(family);
    }

    @Override
    public final PipeEnds openPipe() throws Failure {
        return FdPipeEnd.open();
    }

    @Override
    public final @Nullable Path reopening(Descriptor end) {
        return Reopening.FOLDER == null ? null : Reopening.FOLDER.resolve(String.valueOf(((FdPipeEnd) end).number()));
    }

    @Override
    public final SocketPair openPair() throws Failure {
        return Sockets.openPair();
    }

    @Override
    public final Descriptor adopt(int number) throws Failure {
        return SharedFd.of(number);
    }

    @Override
    public final Descriptor standard(int number) throws Failure {
        return SharedFd.of(Objects.checkIndex(number, 3));
    }

    @Override
    public final DirCalls<Descriptor> openDirectory(Path path, boolean confined) throws IOException {
        return FdDir.open(path, confined);
    }

    @Override
    public final BlockingCalls blockingCalls() {
        return Files.CALLS;
    }

    @Override
    public final Set<Limit> limits() {
        return Files.LIMITS;
    }

    /** On Linux an open of such a name makes a new description; elsewhere it would share the mode of the one there is. */
    private static final class Reopening {
        static final @Nullable Path FOLDER = Sockets.LINUX ? tried(Path.of("/proc/self/fd")) : null;

        /** There may be no such folder, and a process with rights of its own may be denied what is in it. */
        private static @Nullable Path tried(Path folder) {
            try {
                PipeEnds ends = FdPipeEnd.open();
                String number = String.valueOf(((FdPipeEnd) ends.sink()).number());
                try (FileOutputStream opened =
                        new FileOutputStream(folder.resolve(number).toFile())) {
                    return opened.getFD().valid() ? folder : null;
                } finally {
                    ends.source().close();
                    ends.sink().close();
                }
            } catch (IOException refused) {
                return null;
            }
        }
    }

    @Override
    public final Clock clock() {
        return Objects.requireNonNull(Abi.current()).isLinux() ? LinuxClock.INSTANCE : Clock.SYSTEM;
    }

    @Override
    public final Terminals terminals() {
        return Objects.requireNonNull(Abi.current()).isLinux() ? LinuxTerminals.INSTANCE : Terminals.OF_JDK;
    }

    /** Made when native code is known to work here. */
    private static final class Files {
        static final BlockingCalls CALLS = new FdFiles();
        static final Set<Limit> LIMITS = FdFiles.limits(Objects.requireNonNull(Abi.current()));
    }
}
