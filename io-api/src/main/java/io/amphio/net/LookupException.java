package io.amphio.net;

import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A name that could not be looked up: there is no such name, it has no address, or nobody said. */
public final class LookupException extends UnknownHostException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** There is no such name. */
        NO_SUCH_NAME("there is no such name"),
        /** The name exists, and has no address of a family that was asked for. */
        NO_ADDRESS("it has no address of that family"),
        /** All servers said that they failed or refuse. */
        SERVERS_FAILED("the name servers failed"),
        /** No server answered in time. */
        NO_ANSWER("no name server answered"),
        /** Its aliases lead in a circle, or further than is sane. */
        ALIAS_LOOP("its aliases do not end"),
        /** The resolver of the system does not know it; why, it does not tell. */
        UNKNOWN("the system does not know it");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final transient HostName host;
    private final Reason reason;

    /**
     * Creates it.
     *
     * @param host which name
     * @param reason why
     * @param detail what there is to know more, or null
     */
    public LookupException(HostName host, Reason reason, @Nullable String detail) {
        super("lookup " + host + ": " + reason.text + (detail == null ? "" : " (" + detail + ")"));
        this.host = host;
        this.reason = reason;
    }

    /** Returns which name. */
    public HostName host() {
        return host;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
