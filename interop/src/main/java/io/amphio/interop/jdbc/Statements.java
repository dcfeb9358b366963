package io.amphio.interop.jdbc;

import io.amphio.CanceledException;
import io.amphio.Io;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one use of a connection, so that somebody else can cancel them.
 *
 * <pre>
 *   canceled   cancels   event                 canceled   cancels   and then
 *   --------   -------   -------------------   --------   -------   ---------------------------------------------------
 *   no         0         a statement is made   no         0         it is in the set until it is closed
 *   no         0         cancel                yes        1         a task calls cancel of those in the set
 *   yes        1         that task is through  yes        0         who settles goes on
 *   yes        any       execute               yes        the same  CanceledException, and nothing is executed
 *   yes        any       cancel                yes        the same  nothing
 *   any        1         settle                the same   0         waits for that task
 *   any        0         settle                the same   0         the connection may be given back
 * </pre>
 *
 * <p>A statement executes under no lock, so a cancel may find one that has just ended: drivers take that for nothing. It cannot find one
 * of the connection's next user, as {@link #settle} comes first.
 */
final class Statements {
    private static final System.Logger LOG = System.getLogger("io.amphio.jdbc");

    private final Io blocking;
    private final Set<Statement> open = Collections.newSetFromMap(new IdentityHashMap<>()); // @GuardedBy("this")
    private boolean canceled; // @GuardedBy("this")
    private boolean canceling; // whether a task cancels; @GuardedBy("this")

    Statements(Io blocking) {
        this.blocking = blocking;
    }

    // ---------------------------------------------------------------- by who cancels

    /** Cancels what is open. Never waits. */
    void cancel() {
        List<Statement> toCancel;
        synchronized (this) {
            if (canceled) {
                return;
            }
            canceled = true;
            toCancel = new ArrayList<>(open);
            canceling = !toCancel.isEmpty();
        }
        if (toCancel.isEmpty()) {
            return;
        }
        boolean started = false;
        try {
            started =
                    blocking.concurrent(() -> cancelAll(toCancel)).isRight(); // by a thread, as drivers connect for it
        } catch (IllegalStateException closed) {
            LOG.log(Level.DEBUG, "statements are not canceled: {0}", closed.getMessage());
        } finally {
            if (!started) {
                canceled();
            }
        }
    }

    private void cancelAll(List<Statement> toCancel) {
        try {
            for (Statement statement : toCancel) {
                blocking.call(blocking, () -> cancel(statement));
            }
        } finally {
            canceled();
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException failed) { // a feature that the driver lacks, or a statement that was closed meanwhile
            LOG.log(Level.DEBUG, () -> "cancel of " + statement, failed);
        }
    }

    private synchronized void canceled() {
        canceling = false;
        notifyAll();
    }

    // ---------------------------------------------------------------- by the thread that uses the connection

    /** Returns once no cancel is on its way; on a thread that may be blocked. */
    synchronized void settle() {
        boolean interrupted = false;
        while (canceling) {
            try {
                wait();
            } catch (InterruptedException kept) {
                interrupted = true;
            }
        }
        canceled = true; // a cancel that comes now is too late, and finds nothing
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void beforeExecute() {
        boolean late;
        synchronized (this) {
            late = canceled;
        }
        if (late) {
            blocking.checkCancel();
            throw new CanceledException("execute on a connection: its use was canceled, or is over", this);
        }
    }

    /** Returns a connection that gives its statements to this, and does not close. */
    Connection watch(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Statements.class.getClassLoader(), new Class<?>[] {Connection.class}, new OfConnection(connection));
    }

    private final class OfConnection implements InvocationHandler {
        private final Connection connection;

        OfConnection(Connection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("close")) {
                return null;
            }
            Object result = passOn(proxy, connection, method, arguments);
            return result instanceof Statement made ? watch((Connection) proxy, made) : result;
        }
    }

    private Statement watch(Connection connection, Statement made) {
        synchronized (this) {
            open.add(made);
        }
        Class<?> shape = made instanceof CallableStatement
                ? CallableStatement.class
                : made instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
        return (Statement) Proxy.newProxyInstance(
                Statements.class.getClassLoader(), new Class<?>[] {shape}, new OfStatement(connection, made));
    }

    private final class OfStatement implements InvocationHandler {
        private final Connection connection;
        private final Statement statement;

        OfStatement(Connection connection, Statement statement) {
            this.connection = connection;
            this.statement = statement;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            if (name.startsWith("execute")) {
                beforeExecute();
            } else if (name.equals("close")) {
                synchronized (Statements.this) {
                    open.remove(statement);
                }
            } else if (name.equals("getConnection")) {
                return connection;
            }
            return passOn(proxy, statement, method, arguments);
        }
    }

    private static @Nullable Object passOn(Object proxy, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class && method.getName().equals("equals") && arguments != null) {
            return proxy == arguments[0];
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }
}
