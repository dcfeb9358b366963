package io.amphio.testing;

import io.amphio.IoRuntime;
import io.amphio.conformance.SyncConformance;

/** The synchronizers where each task has a platform thread of its own. */
class PlatformThreadIoTest extends SyncConformance {
    @Override
    protected IoRuntime newRuntime() {
        return ThreadIoProvider.open(ThreadIo::platform);
    }
}
