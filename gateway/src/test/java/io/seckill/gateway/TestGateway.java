package io.seckill.gateway;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.seckill.gateway.metrics.PoolWait;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A gateway in this process, on free ports, with a Vert.x of its own like a process would have. */
public final class TestGateway {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx =
            Vertx.builder().withMetrics(new PoolWait(registry)).build();
    private final Readiness readiness = new Readiness();
    private final GatewayConfig config;
    private final String shop;

    TestGateway(Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("SECKILL_HTTP_PORT", freePort());
        all.put("SECKILL_MANAGEMENT_PORT", freePort());
        config = GatewayConfig.read(all::get);
        shop = Await.result(GatewayMain.deploy(vertx, config, readiness, registry));
    }

    public int port() {
        return config.httpPort();
    }

    public int managementPort() {
        return config.managementPort();
    }

    public boolean isReady() {
        return readiness.isReady();
    }

    /**
     * Stops its event loops, like SIGSTOP does, until the latch is counted down. What arrives meanwhile waits in front of
     * them, ahead of the timers that came due.
     */
    public void stopUntil(CountDownLatch goOn) {
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            loop.execute(() -> {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /** Like a process that is asked to end: drains, then lets go of everything. */
    public void stop() throws Exception {
        readiness.drain();
        Await.result(vertx.undeploy(shop));
        Await.result(vertx.close());
    }

    private static String freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
