package io.seckill.loadtest.simulation.world;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.future.FutureImpl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Vert.x as a process sees it, on virtual time: timers, tasks, deployments, the event bus. What else is asked for fails. */
final class VirtualVertx {
    private final World world;
    private final ProcessLife process;
    private final Vertx vertx;
    private final Map<String, List<Handler<Message<Object>>>> consumers = new LinkedHashMap<>();
    private final Map<Long, Scheduler.Event> timers = new LinkedHashMap<>();
    private final Map<String, Deployable> deployed = new LinkedHashMap<>();
    private final Map<Integer, VirtualHttp.Server> servers = new LinkedHashMap<>();
    private long lastTimer;

    VirtualVertx(World world, ProcessLife process) {
        this.world = world;
        this.process = process;
        this.vertx = Stub.of(Vertx.class, this::call);
    }

    Vertx vertx() {
        return vertx;
    }

    /** The server that the process has bound to a port, or null. */
    VirtualHttp.Server server(int port) {
        return servers.get(port);
    }

    @SuppressWarnings("unchecked")
    private Object call(String method, Object[] a) {
        switch (method) {
            case "setTimer":
                return timer(((Long) a[0]), 0, (Handler<Long>) a[1]);
            case "setPeriodic":
                return a.length == 2
                        ? timer((Long) a[0], (Long) a[0], (Handler<Long>) a[1])
                        : timer((Long) a[0], (Long) a[1], (Handler<Long>) a[2]);
            case "timer":
                TimeUnit unit = a.length == 1 ? TimeUnit.MILLISECONDS : (TimeUnit) a[1];
                VirtualTimer timer = new VirtualTimer();
                timer.event = world.scheduler()
                        .in(unit.toNanos((Long) a[0]), process, ProcessLife.TIMERS, () -> timer.tryComplete(null));
                return timer;
            case "cancelTimer":
                Scheduler.Event event = timers.remove((Long) a[0]);
                if (event != null) {
                    event.cancel();
                }
                return event != null;
            case "getOrCreateContext":
                return context("-");
            case "runOnContext":
                run((Handler<Void>) a[0]);
                return null;
            case "executeBlocking":
                return executeBlocking((Callable<Object>) a[0]);
            case "eventBus":
                return Stub.of(EventBus.class, this::eventBus);
            case "fileSystem":
                return Stub.of(FileSystem.class, (name, b) -> Future.succeededFuture(Buffer.buffer()));
            case "deployVerticle":
                return a[0] instanceof Supplier<?> supplier
                        ? deploy((Supplier<Deployable>) supplier, (DeploymentOptions) a[1])
                        : deploy((Deployable) a[0]);
            case "undeploy":
                return undeploy((String) a[0]);
            case "createHttpServer":
                int port = a == null || a.length == 0 ? 0 : ((HttpServerOptions) a[0]).getPort();
                VirtualHttp.Server server = new VirtualHttp.Server();
                servers.put(port, server);
                return server.stub();
            case "createHttpClient":
                // There is no payment provider to be asked; it tells of payments by itself.
                return Stub.failing(io.vertx.core.http.HttpClientAgent.class);
            case "close":
                return Future.succeededFuture();
            default:
                throw new IllegalStateException("the simulation has no Vertx." + method);
        }
    }

    private long timer(long delayMs, long periodMs, Handler<Long> handler) {
        long id = ++lastTimer;
        set(id, delayMs, periodMs, handler);
        return id;
    }

    private void set(long id, long delayMs, long periodMs, Handler<Long> handler) {
        timers.put(id, world.scheduler().in(delayMs * 1_000_000L, process, ProcessLife.TIMERS, () -> {
            timers.remove(id);
            if (periodMs > 0) {
                set(id, periodMs, periodMs, handler);
            }
            handler.handle(id);
        }));
    }

    private void run(Handler<Void> task) {
        world.scheduler().in(1_000, process, ProcessLife.TASKS, () -> task.handle(null));
    }

    // On a worker thread: some time later, and the result some time after that.
    private Future<Object> executeBlocking(Callable<Object> task) {
        Promise<Object> promise = Promise.promise();
        world.scheduler().in(20_000 + world.chance().upTo(500_000), process, new Object(), () -> {
            Object result;
            try {
                result = task.call();
            } catch (Exception e) {
                world.scheduler().in(10_000, process, ProcessLife.TASKS, () -> promise.tryFail(e));
                return;
            }
            long reply = Math.max(10_000, process.takeRoundTripNanos());
            world.scheduler().in(reply, process, new Object(), () -> promise.tryComplete(result));
        });
        return promise.future();
    }

    private Context context(String deployment) {
        return Stub.of(Context.class, (name, a) -> switch (name) {
            case "owner" -> vertx;
            case "deploymentID" -> deployment;
            case "runOnContext" -> {
                @SuppressWarnings("unchecked")
                Handler<Void> task = (Handler<Void>) a[0];
                run(task);
                yield null;
            }
            case "executeBlocking" -> {
                @SuppressWarnings("unchecked")
                Callable<Object> task = (Callable<Object>) a[0];
                yield executeBlocking(task);
            }
            default -> throw new IllegalStateException("the simulation has no Context." + name);
        });
    }

    @SuppressWarnings("unchecked")
    private Object eventBus(String method, Object[] a) {
        switch (method) {
            case "localConsumer", "consumer":
                consumers
                        .computeIfAbsent((String) a[0], address -> new ArrayList<>())
                        .add((Handler<Message<Object>>) a[1]);
                return Stub.failing(MessageConsumer.class);
            case "publish":
                Message<Object> message = Stub.of(Message.class, (name, b) -> name.equals("body") ? a[1] : null);
                for (Handler<Message<Object>> consumer : consumers.getOrDefault((String) a[0], List.of())) {
                    world.scheduler().in(2_000, process, ProcessLife.TASKS, () -> consumer.handle(message));
                }
                return null;
            case "registerDefaultCodec":
                return null;
            default:
                throw new IllegalStateException("the simulation has no EventBus." + method);
        }
    }

    private Future<String> deploy(Supplier<Deployable> verticles, DeploymentOptions options) {
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < options.getInstances(); i++) {
            all.add(deploy(verticles.get()));
        }
        return Future.all(all).map(done -> all.get(0).result());
    }

    private Future<String> deploy(Deployable verticle) {
        String id = "deployment " + (deployed.size() + 1);
        deployed.put(id, verticle);
        try {
            return verticle.deploy(context(id)).map(id);
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Void> undeploy(String id) {
        try {
            return deployed.remove(id).undeploy(context(id)).mapEmpty();
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private static final class VirtualTimer extends FutureImpl<Void> implements Timer {
        private Scheduler.Event event;

        @Override
        public boolean cancel() {
            event.cancel();
            return !isComplete();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
