package org.colleaguesearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.boot.test.system.CapturedOutput;

/**
 * Captures the standard output and log of one test class while others run in parallel in the same JVM; a test gets it
 * as a parameter of type {@link CapturedOutput}. A line belongs to the test class whose thread, directly or indirectly,
 * started the writing thread; for an application that several classes share, that is the first of them. Lines of other
 * threads, such as those of servers in static fields, belong to no class. JUnit registers it for all classes.
 * Thread-safe.
 */
public final class OwnOutput
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(OwnOutput.class);

    /** The output of a thread's test class; threads inherit it from the thread that starts them. */
    private static final InheritableThreadLocal<Lines> OF_THREAD = new InheritableThreadLocal<>();

    private static final Set<Lines> AT_WORK = ConcurrentHashMap.newKeySet();

    static {
        System.setOut(new PrintStream(new Tee(System.out, Lines::out), true, UTF_8));
        System.setErr(new PrintStream(new Tee(System.err, Lines::err), true, UTF_8));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Lines lines = new Lines();
        context.getStore(NAMESPACE).put(Lines.class, lines);
        AT_WORK.add(lines);
        OF_THREAD.set(lines);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        of(context).mark();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        of(context).reset();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        AT_WORK.remove(of(context));
        OF_THREAD.remove();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == CapturedOutput.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return of(context);
    }

    private static Lines of(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(Lines.class, Lines.class);
    }

    /** The output of the current test, without that of earlier tests of the class. */
    private static final class Lines implements CapturedOutput {
        private final StringBuilder all = new StringBuilder();
        private final StringBuilder out = new StringBuilder();
        private final StringBuilder err = new StringBuilder();
        private int[] mark = new int[3];

        synchronized void out(String text) {
            all.append(text);
            out.append(text);
        }

        synchronized void err(String text) {
            all.append(text);
            err.append(text);
        }

        synchronized void mark() {
            mark = new int[] {all.length(), out.length(), err.length()};
        }

        synchronized void reset() {
            all.setLength(mark[0]);
            out.setLength(mark[1]);
            err.setLength(mark[2]);
        }

        @Override
        public synchronized String getAll() {
            return all.toString();
        }

        @Override
        public synchronized String getOut() {
            return out.toString();
        }

        @Override
        public synchronized String getErr() {
            return err.toString();
        }

        @Override
        public String toString() {
            return getAll();
        }
    }

    /** Writes to the original stream and to the output of the thread's class. */
    private static final class Tee extends OutputStream {
        private final PrintStream original;
        private final BiConsumer<Lines, String> to;

        Tee(PrintStream original, BiConsumer<Lines, String> to) {
            this.original = original;
            this.to = to;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            original.write(bytes, offset, length);
            String text = new String(bytes, offset, length, UTF_8);
            Lines own = OF_THREAD.get();
            if (own != null && AT_WORK.contains(own)) {
                to.accept(own, text);
            }
        }

        @Override
        public void flush() {
            original.flush();
        }
    }
}
