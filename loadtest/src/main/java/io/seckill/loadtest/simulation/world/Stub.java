package io.seckill.loadtest.simulation.world;

import io.vertx.core.Future;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Stands in for an interface of a client's or of Vert.x' of which only some methods matter. */
public final class Stub {
    private static final Object[] NONE = {};

    private Stub() {}

    /** What the stub does; by the method's name, since those that matter are few. */
    public interface Behaviour {
        Object call(String method, Object[] arguments) throws Throwable;
    }

    public static <T> T of(Class<? super T> type, Behaviour behaviour) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(self, method, arguments, type);
            }
            try {
                return behaviour.call(method.getName(), arguments == null ? NONE : arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } catch (IllegalStateException e) {
                // A Future would swallow it, and the seed would fail for no visible reason.
                World.current().fail(String.valueOf(e.getMessage()));
                throw e;
            }
        };
        @SuppressWarnings("unchecked")
        T stub = (T) Proxy.newProxyInstance(Stub.class.getClassLoader(), new Class<?>[] {type}, handler);
        return stub;
    }

    /** Every call that promises something fails; the others do nothing. */
    static <T> T failing(Class<? super T> type) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(self, method, arguments, type);
            }
            return Future.class.isAssignableFrom(method.getReturnType())
                    ? Future.failedFuture("not in the simulation")
                    : null;
        };
        @SuppressWarnings("unchecked")
        T stub = (T) Proxy.newProxyInstance(Stub.class.getClassLoader(), new Class<?>[] {type}, handler);
        return stub;
    }

    private static Object ofObject(Object self, Method method, Object[] arguments, Class<?> type) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> type.getSimpleName();
        };
    }
}
