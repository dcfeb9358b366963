package io.amphio.evented.backend.fd;

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
}
