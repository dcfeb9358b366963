package io.amphio.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * How thoroughly to measure.
 *
 * @param quick little: to see whether something is far off
 * @param runs how many processes of each contender, taking turns with the others
 * @param seconds how long each of them measures, after warming up for half of that
 * @param backends which of ours to try
 */
record Settings(boolean quick, int runs, double seconds, List<String> backends) {
    static Settings of(boolean quick) {
        boolean isLinux = System.getProperty("os.name").equals("Linux");
        List<String> backends = isLinux ? List.of("uring", "epoll") : List.of("auto");
        return quick ? new Settings(true, 1, 1, backends) : new Settings(false, 5, 3, backends);
    }

    Duration time() {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
