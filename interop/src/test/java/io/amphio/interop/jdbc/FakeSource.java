package io.amphio.interop.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A source whose statements run until they are canceled, or for ever, and that notes what must not happen. */
final class FakeSource {
    final CountDownLatch executing = new CountDownLatch(1);
    final CountDownLatch canceling = new CountDownLatch(1);
    final CountDownLatch letCancelReturn = new CountDownLatch(1);
    final CountDownLatch letExecuteReturn = new CountDownLatch(1);
    final AtomicInteger running = new AtomicInteger(); // statements and cancels, of all connections
    final AtomicInteger given = new AtomicInteger();
    final List<String> broken = new CopyOnWriteArrayList<>();
    private final boolean cancelable;

    FakeSource(boolean cancelable) {
        this.cancelable = cancelable;
    }

    DataSource source() {
        return proxy(DataSource.class, (_, method, _) -> switch (method.getName()) {
            case "getConnection" -> {
                given.incrementAndGet();
                yield connection();
            }
            default -> null;
        });
    }

    private Connection connection() {
        AtomicInteger busy = new AtomicInteger(); // statements and cancels of this connection
        return proxy(Connection.class, (_, method, _) -> switch (method.getName()) {
            case "createStatement" -> statement(busy);
            case "isClosed" -> false;
            case "close" -> {
                if (busy.get() > 0) {
                    broken.add("given back while " + busy + " statements and cancels run");
                }
                given.decrementAndGet();
                yield null;
            }
            default -> null;
        });
    }

    private Statement statement(AtomicInteger busy) {
        return proxy(Statement.class, (_, method, _) -> switch (method.getName()) {
            case "execute" -> {
                busy.incrementAndGet();
                running.incrementAndGet();
                executing.countDown();
                try {
                    (cancelable ? canceling : letExecuteReturn).await();
                } finally {
                    running.decrementAndGet();
                    busy.decrementAndGet();
                }
                throw new SQLException("canceled by the user");
            }
            case "cancel" -> {
                busy.incrementAndGet();
                running.incrementAndGet();
                canceling.countDown();
                letCancelReturn.await();
                running.decrementAndGet();
                busy.decrementAndGet();
                yield null;
            }
            default -> null;
        });
    }

    private static <T> T proxy(Class<T> shape, InvocationHandler handler) {
        return shape.cast(Proxy.newProxyInstance(FakeSource.class.getClassLoader(), new Class<?>[] {shape}, handler));
    }
}
