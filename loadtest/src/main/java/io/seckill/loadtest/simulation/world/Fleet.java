package io.seckill.loadtest.simulation.world;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seckill.gateway.GatewayConfig;
import io.seckill.worker.Worker;
import io.seckill.worker.WorkerConfig;
import io.vertx.core.Vertx;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The product's processes: each is started as its main would, and again some time after it died. */
final class Fleet {
    static final int HTTP_PORT = 8080;
    static final int MANAGEMENT_PORT = 9080;
    static final String PAYMENT_SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";

    private static final Map<String, String> ENVIRONMENT = Map.ofEntries(
            Map.entry("SECKILL_REDIS_URI", "redis://redis:6379"),
            Map.entry("SECKILL_AMQP_URI", "amqp://rabbitmq:5672"),
            Map.entry("SECKILL_MYSQL_HOST", "mysql"),
            Map.entry("SECKILL_EVENT_LOOPS", "1"),
            Map.entry("SECKILL_SALE_POLL_MS", "500"),
            Map.entry("SECKILL_JWT_KEYS", "k:" + PAYMENT_SECRET),
            Map.entry("SECKILL_PAYMENT_SECRETS", PAYMENT_SECRET));
    private static final Entry GATEWAY = new Entry();
    private static final GatewayConfig GATEWAY_CONFIG = GatewayConfig.read(variables("gateway"));
    private static final WorkerConfig WORKER_CONFIG = WorkerConfig.read(variables("worker"));

    private static Function<String, String> variables(String instance) {
        return name -> name.equals("SECKILL_INSTANCE") ? instance : ENVIRONMENT.get(name);
    }

    /** One place for a process, whatever lives there at the moment. */
    final class Place {
        private final boolean gateway;
        private final String name;
        private ProcessLife process;
        private int lives;

        Place(boolean gateway, String name) {
            this.gateway = gateway;
            this.name = name;
        }

        ProcessLife process() {
            return process;
        }

        boolean isGateway() {
            return gateway;
        }

        void start() {
            process = new ProcessLife(
                    world,
                    name + (++lives == 1 ? "" : "/" + lives),
                    world.nextId(),
                    world.troubles().clockSkewMs(name),
                    world.troubles().functions());
            world.trace(process + " starts, with " + process.functions().name());
            world.scheduler().run(process, () -> {
                Vertx vertx = process.vertx().vertx();
                if (gateway) {
                    GATEWAY.deploy(vertx, GATEWAY_CONFIG);
                } else {
                    Worker.start(vertx, WORKER_CONFIG).onFailure(world::failed);
                }
            });
        }

        /** Where shoppers are served, or null. */
        VirtualHttp.Server shop() {
            return listening(HTTP_PORT);
        }

        VirtualHttp.Server management() {
            return listening(MANAGEMENT_PORT);
        }

        private VirtualHttp.Server listening(int port) {
            VirtualHttp.Server server = process.isAlive() ? process.vertx().server(port) : null;
            return server != null && server.isListening() ? server : null;
        }
    }

    private final World world;
    private final List<Place> places = new ArrayList<>();

    Fleet(World world) {
        this.world = world;
        for (int i = 1; i <= 2; i++) {
            places.add(new Place(true, "gateway-" + i));
        }
        for (int i = 1; i <= 2; i++) {
            places.add(new Place(false, "worker-" + i));
        }
    }

    void start() {
        places.forEach(Place::start);
    }

    List<Place> gateways() {
        return places.stream().filter(Place::isGateway).toList();
    }

    List<Place> workers() {
        return places.stream().filter(place -> !place.isGateway()).toList();
    }

    List<Place> all() {
        return places;
    }

    boolean isGateway(ProcessLife process) {
        return places.stream().anyMatch(place -> place.process == process && place.gateway);
    }

    boolean isServing() {
        return gateways().stream().allMatch(place -> place.shop() != null);
    }

    /** Kills a process and starts its successor some time later. */
    void crash(ProcessLife process) {
        for (Place place : places) {
            if (place.process == process && process.isAlive()) {
                process.crash();
                world.scheduler().in(world.chance().between(100, 3_000) * 1_000_000L, null, this, place::start);
            }
        }
    }

    /** The gateway's own start, which is not public. */
    private static final class Entry {
        private final Method deploy;
        private final Constructor<?> readiness;

        Entry() {
            try {
                Class<?> readinessType = Class.forName("io.seckill.gateway.Readiness");
                readiness = readinessType.getDeclaredConstructor();
                readiness.setAccessible(true);
                deploy = io.seckill.gateway.GatewayMain.class.getDeclaredMethod(
                        "deploy", Vertx.class, GatewayConfig.class, readinessType, PrometheusMeterRegistry.class);
                deploy.setAccessible(true);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        void deploy(Vertx vertx, GatewayConfig config) {
            try {
                deploy.invoke(
                        null,
                        vertx,
                        config,
                        readiness.newInstance(),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
