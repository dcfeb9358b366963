package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.fs.FileKey;
import io.amphio.spi.files.FileCalls;
import io.amphio.spi.files.ProcessLocks;
import java.io.IOException;

/** An open file or directory. Everything it does waits, so it is done by {@link FdFiles} or by a kernel that completes. */
public final class FdFile extends FdDescriptor {
    /**
     * Takes over a file.
     *
     * @param number from the kernel, and nobody else's
     */
    public FdFile(int number) {
        super(new Fd(number));
    }

    @Override
    public FileCalls fileCalls() {
        return new FdFileCalls(this);
    }

    /** A close would take from the JDK what it has locked of the same file: see {@link ProcessLocks}. */
    @Override
    public void close() throws Failure {
        if (fd.isClosed()) {
            return;
        }
        FileKey key;
        try {
            key = FdFileCalls.keyOf(this);
        } catch (IOException unknown) {
            super.close();
            return;
        }
        try {
            ProcessLocks.close(key, super::close);
        } catch (Failure refused) {
            throw refused;
        } catch (IOException other) {
            throw new AssertionError("a descriptor's close throws nothing else", other);
        }
    }
}
