package io.amphio.interop.flow;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.sync.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.ITestListener;
import org.testng.ITestNGListener;
import org.testng.ITestResult;
import org.testng.TestNG;

/** The Reactive Streams TCK. It is made of TestNG's tests, so TestNG runs here, and each of its results is a test of JUnit's. */
class TckTest {
    private static final long WAIT_MILLIS = 2_000; // for what has to come: long, as the machine may be busy
    private static final long NOTHING_MILLIS = 30; // for what must not come
    private static IoRuntime runtime; // TestNG creates the classes below itself

    private static TestEnvironment environment() {
        return new TestEnvironment(WAIT_MILLIS, NOTHING_MILLIS, NOTHING_MILLIS);
    }

    private static void produce(long items, Demand<Long> demand) {
        for (long i = 0; i < items; i++) {
            demand.send(i);
        }
    }

    public static class OfProducers extends FlowPublisherVerification<Long> {
        public OfProducers() {
            super(environment());
        }

        @Override
        public Publisher<Long> createFlowPublisher(long items) {
            return Flows.publisher(runtime.io(), demand -> produce(items, demand));
        }

        @Override
        public Publisher<Long> createFailedFlowPublisher() {
            return Flows.publisher(runtime.io(), _ -> {
                throw new IllegalStateException("planned");
            });
        }
    }

    public static class OfChannels extends FlowPublisherVerification<Long> {
        public OfChannels() {
            super(environment());
        }

        @Override
        public Publisher<Long> createFlowPublisher(long items) {
            Io io = runtime.io();
            Channel<Long> channel = new Channel<>(4);
            io.concurrent(() -> {
                        for (long i = 0; i < items; i++) {
                            channel.send(io, i);
                        }
                        channel.close();
                    })
                    .get();
            return Flows.publisher(io, channel);
        }

        @Override
        public Publisher<Long> createFailedFlowPublisher() {
            return null; // a channel does not fail
        }
    }

    public static class OfIncoming extends FlowSubscriberBlackboxVerification<Long> {
        public OfIncoming() {
            super(environment());
        }

        @Override
        public Subscriber<Long> createFlowSubscriber() {
            return new Incoming<Long>(8).subscriber();
        }

        @Override
        public Long createElement(int element) {
            return (long) element;
        }
    }

    private record Result(String name, ITestResult of) {}

    private static List<Result> run(Class<?> verification) {
        List<Result> results = new ArrayList<>();
        TestNG testng = new TestNG(false);
        testng.setVerbose(0);
        testng.setTestClasses(new Class<?>[] {verification});
        ITestNGListener listener = new ITestListener() {
            private void add(ITestResult result) {
                results.add(new Result(result.getMethod().getMethodName(), result));
            }

            @Override
            public void onTestSuccess(ITestResult result) {
                add(result);
            }

            @Override
            public void onTestFailure(ITestResult result) {
                add(result);
            }

            @Override
            public void onTestSkipped(ITestResult result) {
                add(result);
            }
        };
        testng.addListener(listener);
        testng.run();
        return results;
    }

    @TestFactory
    Stream<DynamicContainer> tck() {
        return Stream.of("blocking", "evented").map(io -> {
            List<DynamicContainer> verifications = new ArrayList<>();
            try (IoRuntime opened = IoRuntime.open(IoOptions.of(io))) {
                runtime = opened;
                for (Class<?> verification : List.of(OfProducers.class, OfChannels.class, OfIncoming.class)) {
                    List<Result> results = run(verification);
                    assertTrue(results.size() > 20, () -> verification + " ran " + results.size() + " tests");
                    verifications.add(DynamicContainer.dynamicContainer(
                            verification.getSimpleName(),
                            results.stream()
                                    .map(result -> DynamicTest.dynamicTest(result.name, () -> report(result)))));
                }
            }
            return DynamicContainer.dynamicContainer(io, verifications);
        });
    }

    private static void report(Result result) throws Throwable {
        Throwable thrown = result.of.getThrowable();
        Assumptions.assumeTrue(
                result.of.getStatus() != ITestResult.SKIP, () -> thrown == null ? "skipped" : thrown.getMessage());
        if (thrown != null) {
            throw thrown;
        }
    }
}
