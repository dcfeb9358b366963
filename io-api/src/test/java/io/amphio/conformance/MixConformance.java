package io.amphio.conformance;

import io.amphio.IoRuntime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * All that two tasks can do with each other, sockets included: what a mix of two implementations runs, by a second method that
 * opens the other one.
 */
public abstract class MixConformance extends SyncConformance {
    @Nested
    class Tcp extends TcpConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Sockets extends SocketConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Udp extends UdpConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class UdpSockets extends UdpSocketConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Multicast extends MulticastConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class SocketOptions extends SocketOptionsConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Unix extends UnixConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class SendFile extends SendFileConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Streams extends StreamsConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class TlsStreams extends TlsConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class TlsHandshakes extends TlsHandshakeConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class TlsPoints extends TlsPointsConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class TlsPeers extends TlsPeersConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class TlsTools extends TlsToolsConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class Interrupts extends InterruptConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class CancelPoints extends CancelPointConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class FileStreams extends FileStreamConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }

    @Nested
    class FileLocks extends FileLockConformance {
        @Override
        protected IoRuntime newRuntime() {
            return MixConformance.this.newRuntime();
        }

        @Override
        protected @Nullable IoRuntime newOtherRuntime() {
            return MixConformance.this.newOtherRuntime();
        }
    }
}
