package io.amphio.net;

import io.amphio.Timeout;
import java.util.Objects;

/**
 * How a name is looked up.
 *
 * @param family which addresses are wanted; those of the other family are not asked for
 * @param wantsCanonicalName whether the name that the aliases of the host lead to is wanted as well
 * @param timeout how long it may take
 */
public record LookupOptions(AddressFamily family, boolean wantsCanonicalName, Timeout timeout) {
    /** Addresses of both families, without the canonical name, however long it takes. */
    public static final LookupOptions DEFAULT = new LookupOptions(AddressFamily.ANY, false, Timeout.NONE);

    /** Checks that nothing is null. */
    public LookupOptions {
        Objects.requireNonNull(family, "lookup: the family is null");
        Objects.requireNonNull(timeout, "lookup: the timeout is null");
    }

    /** Returns these options with another family. */
    public LookupOptions withFamily(AddressFamily newFamily) {
        return new LookupOptions(newFamily, wantsCanonicalName, timeout);
    }

    /** Returns these options with or without the canonical name. */
    public LookupOptions withCanonicalName(boolean wanted) {
        return new LookupOptions(family, wanted, timeout);
    }

    /** Returns these options with another limit in time. */
    public LookupOptions withTimeout(Timeout newTimeout) {
        return new LookupOptions(family, wantsCanonicalName, newTimeout);
    }
}
