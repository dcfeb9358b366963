package io.amphio.evented.dns;

import io.amphio.net.LookupException.Reason;
import java.net.InetAddress;
import java.util.List;
import org.xbill.DNS.Name;

/** What became of a {@link Question}. */
sealed interface Answer {
    /** Returns for how long it is true; 0 for what may not be kept. */
    long seconds();

    /** Its addresses, and the name that has them, which the aliases led to. */
    record Found(List<InetAddress> addresses, Name canonical, long seconds) implements Answer {}

    /** There is no such name. */
    record NoSuchName(long seconds) implements Answer {}

    /** The name exists and has no such address. */
    record NoAddress(long seconds) implements Answer {}

    /** Nobody said; whoever asks next may be luckier. */
    record Failed(Reason reason, String detail) implements Answer {
        @Override
        public long seconds() {
            return 0;
        }
    }
}
