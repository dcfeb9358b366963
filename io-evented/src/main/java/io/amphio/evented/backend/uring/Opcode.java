package io.amphio.evented.backend.uring;

/** What io_uring can be asked to do, by the kernel's numbers. */
final class Opcode {
    static final int NOP = 0;
    static final int FSYNC = 3;
    static final int POLL_ADD = 6;
    static final int SENDMSG = 9;
    static final int RECVMSG = 10;
    static final int TIMEOUT = 11;
    static final int ACCEPT = 13;
    static final int ASYNC_CANCEL = 14;
    static final int CONNECT = 16;
    static final int FALLOCATE = 17;
    static final int STATX = 21;
    static final int READ = 22;
    static final int WRITE = 23;
    static final int SEND = 26;
    static final int RECV = 27;
    static final int OPENAT2 = 28;
    static final int RENAMEAT = 35;
    static final int UNLINKAT = 36;
    static final int MKDIRAT = 37;
    static final int SYMLINKAT = 38;
    static final int LINKAT = 39;
    static final int FTRUNCATE = 55;

    private Opcode() {}
}
