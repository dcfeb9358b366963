package io.amphio.fs;

/** Whom a lock of a file keeps out. */
public enum LockMode {
    /** Those who want it exclusively; taken by who reads. The file has to be open for reading. */
    SHARED,
    /** Everybody else; taken by who writes. The file has to be open for writing. */
    EXCLUSIVE
}
