package io.amphio.evented.ffi;

/** Where the fields of io_uring's structs are, in bytes. They are the same on every architecture; only the byte order is not. */
public final class UringLayout {
    /** The size of {@code io_uring_params}. */
    public static final int PARAMS_BYTES = 120;

    /** In {@code io_uring_params}: how many submissions fit. */
    public static final int PARAMS_SQ_ENTRIES = 0;

    /** In {@code io_uring_params}: how many completions fit. */
    public static final int PARAMS_CQ_ENTRIES = 4;

    /** In {@code io_uring_params}: the setup flags. */
    public static final int PARAMS_FLAGS = 8;

    /** In {@code io_uring_params}: what the kernel can do. */
    public static final int PARAMS_FEATURES = 20;

    /** In {@code io_uring_params}: where the submission queue's fields are in the shared memory. */
    public static final int PARAMS_SQ_OFFSETS = 40;

    /** In {@code io_uring_params}: where the completion queue's fields are in the shared memory. */
    public static final int PARAMS_CQ_OFFSETS = 80;

    /** In {@code io_sqring_offsets}. */
    public static final int SQ_HEAD = 0;

    /** In {@code io_sqring_offsets}. */
    public static final int SQ_TAIL = 4;

    /** In {@code io_sqring_offsets}. */
    public static final int SQ_FLAGS = 16;

    /** In {@code io_sqring_offsets}. */
    public static final int SQ_ARRAY = 24;

    /** In {@code io_cqring_offsets}. */
    public static final int CQ_HEAD = 0;

    /** In {@code io_cqring_offsets}. */
    public static final int CQ_TAIL = 4;

    /** In {@code io_cqring_offsets}: how many completions were lost, as the kernel had no memory left. */
    public static final int CQ_OVERFLOW = 16;

    /** In {@code io_cqring_offsets}: the completions themselves. */
    public static final int CQ_CQES = 20;

    /** For mapping the two queues. */
    public static final long OFFSET_QUEUES = 0;

    /** For mapping the submission entries. */
    public static final long OFFSET_ENTRIES = 0x10000000;

    /** The size of {@code io_uring_sqe}. */
    public static final int SQE_BYTES = 64;

    /** In {@code io_uring_sqe}: what to do, one byte. */
    public static final int SQE_OPCODE = 0;

    /** In {@code io_uring_sqe}: flags of the entry, one byte. */
    public static final int SQE_FLAGS = 1;

    /** In {@code io_uring_sqe}: priority, or flags of the operation, two bytes. */
    public static final int SQE_IOPRIO = 2;

    /** In {@code io_uring_sqe}: what to work on, an int. */
    public static final int SQE_FD = 4;

    /** In {@code io_uring_sqe}: an offset or a second address, a long. */
    public static final int SQE_OFFSET = 8;

    /** In {@code io_uring_sqe}: an address, a long. */
    public static final int SQE_ADDRESS = 16;

    /** In {@code io_uring_sqe}: a length, an int. */
    public static final int SQE_LENGTH = 24;

    /** In {@code io_uring_sqe}: flags of the operation, an int. */
    public static final int SQE_OPERATION_FLAGS = 28;

    /** In {@code io_uring_sqe}: what the completion says again, a long. */
    public static final int SQE_USER_DATA = 32;

    /** In {@code io_uring_sqe}: a second descriptor, an int. */
    public static final int SQE_SECOND_FD = 44;

    /** The size of {@code io_uring_cqe}. */
    public static final int CQE_BYTES = 16;

    /** In {@code io_uring_cqe}: what the submission said, a long. */
    public static final int CQE_USER_DATA = 0;

    /** In {@code io_uring_cqe}: the result, or -errno, an int. */
    public static final int CQE_RESULT = 8;

    /** In {@code io_uring_cqe}: flags, an int. */
    public static final int CQE_FLAGS = 12;

    /** The size of {@code io_uring_getevents_arg}. */
    public static final int WAIT_BYTES = 24;

    /** In {@code io_uring_getevents_arg}: the address of a {@code __kernel_timespec}, of two longs. */
    public static final int WAIT_TIMESPEC = 16;

    /** In {@code io_uring_probe}: how many descriptions follow, one byte. */
    public static final int PROBE_COUNT = 1;

    /** In {@code io_uring_probe}: the descriptions. */
    public static final int PROBE_OPCODES = 16;

    /** The size of {@code io_uring_probe_op}. */
    public static final int PROBE_OPCODE_BYTES = 8;

    /** In {@code io_uring_probe_op}: flags, two bytes; 1 means that this kernel knows the opcode. */
    public static final int PROBE_OPCODE_FLAGS = 2;

    private UringLayout() {}
}
