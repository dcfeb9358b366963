package io.amphio.evented.backend;

/** How a file is opened, and how some other operations treat a name; bits of our own, the same on every system. */
public final class OpenFlags {
    /** It will be read. */
    public static final int READ = 1;

    /** It will be written. */
    public static final int WRITE = 1 << 1;

    /** Every write goes to the end. */
    public static final int APPEND = 1 << 2;

    /** It is made if it is not there. */
    public static final int CREATE = 1 << 3;

    /** With {@link #CREATE}, and for a rename: what is there already is left alone, and that is EEXIST. */
    public static final int EXCLUSIVE = 1 << 4;

    /** What it held is thrown away. */
    public static final int TRUNCATE = 1 << 5;

    /** It is a directory, or that is ENOTDIR; opened, it is what names are relative to. */
    public static final int DIRECTORY = 1 << 6;

    /** If the name is a symbolic link, that is ELOOP, or what is meant is the link itself. */
    public static final int NO_FOLLOW = 1 << 7;

    /** The name must stay below its directory, whatever {@code ..} and symbolic links say, or that is EXDEV. */
    public static final int BENEATH = 1 << 8;

    /** Every write is brought to the device before it ends, as by SYNC. */
    public static final int SYNC = 1 << 9;

    /** Every write is brought to the device before it ends, as by DATA_SYNC. */
    public static final int DATA_SYNC = 1 << 10;

    private OpenFlags() {}
}
