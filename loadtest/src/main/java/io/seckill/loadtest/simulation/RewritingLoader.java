package io.seckill.loadtest.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;

/**
 * Loads the product as it is, but for the calls by which it reaches the world outside: clocks, chance and the clients of
 * Redis, RabbitMQ and MySQL lead into the simulation instead (see {@link CallRewriter}). So what runs there is the very
 * code that is shipped, and the code knows nothing of it.
 */
final class RewritingLoader extends ClassLoader {
    private static final String[] REWRITTEN = {
        "io.seckill.schema.", "io.seckill.gateway.", "io.seckill.worker.",
    };
    // Below this package is the world; in it, what is shared with the outside.
    private static final String HERE = RewritingLoader.class.getPackageName() + '.';
    private static final String ENTRY = HERE + "world.World$Runner";

    static {
        registerAsParallelCapable();
    }

    RewritingLoader() {
        super("simulation", RewritingLoader.class.getClassLoader());
    }

    /** A runner of seeds, on the far side. */
    SeedRunner runner() {
        try {
            return (SeedRunner) loadClass(ENTRY).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException target ? target.getCause() : e;
            throw new IllegalStateException("the simulation cannot be loaded: " + cause, cause);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isRewritten(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private static boolean isRewritten(String name) {
        if (name.startsWith(HERE)) {
            return name.indexOf('.', HERE.length()) > 0;
        }
        for (String prefix : REWRITTEN) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = CallRewriter.rewrite(in.readAllBytes());
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
