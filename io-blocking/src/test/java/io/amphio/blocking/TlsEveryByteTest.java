package io.amphio.blocking;

import io.amphio.IoRuntime;
import io.amphio.conformance.TlsPointsConformance;
import org.junit.jupiter.api.Timeout;

/**
 * TLS belongs to no implementation, so one of them is enough to cut its connections at every byte, which takes ten seconds; those
 * of the old version at every seventh, from a first one by chance.
 */
@Timeout(60)
class TlsEveryByteTest extends TlsPointsConformance {
    @Override
    protected IoRuntime newRuntime() {
        return BlockingIo.open();
    }

    @Override
    protected int stride(String version) {
        return version.equals("TLSv1.3") ? 1 : 7;
    }
}
