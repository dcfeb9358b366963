package io.amphio.fs;

/**
 * How far a walk goes. Immutable; each method returns other options.
 *
 * @param maxDepth how many levels below the directory; 1 for only what is in it
 * @param isFollowing whether symbolic links to directories are entered
 */
public record WalkOptions(int maxDepth, boolean isFollowing) {
    /** All that is below, symbolic links are told and not entered. */
    public static final WalkOptions ALL = new WalkOptions(Integer.MAX_VALUE, false);

    /** Checks that it goes anywhere. */
    public WalkOptions {
        if (maxDepth < 1) {
            throw new IllegalArgumentException("a walk to a depth of " + maxDepth + ": at least 1");
        }
    }

    /** Returns these options, with at most that many levels. */
    public WalkOptions depth(int levels) {
        return new WalkOptions(levels, isFollowing);
    }

    /**
     * Returns these options, and symbolic links to directories are entered; one that leads to a directory that the walk is in
     * is told and not entered.
     */
    public WalkOptions follow() {
        return new WalkOptions(maxDepth, true);
    }
}
