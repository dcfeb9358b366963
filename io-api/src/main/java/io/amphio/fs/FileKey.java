package io.amphio.fs;

/**
 * Which file it is, whatever it is called: two names with the same key are names of one file, as long as it exists.
 *
 * @param device on which it lies
 * @param inode its number there
 */
public record FileKey(long device, long inode) {}
