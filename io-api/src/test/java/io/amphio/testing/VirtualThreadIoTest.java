package io.amphio.testing;

import io.amphio.IoRuntime;
import io.amphio.conformance.SyncConformance;

/** The synchronizers where each task has a virtual thread of its own. */
class VirtualThreadIoTest extends SyncConformance {
    @Override
    protected IoRuntime newRuntime() {
        return ThreadIoProvider.open(ThreadIo::virtual);
    }
}
