package io.seckill.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seckill.gateway.admin.AuditTerms;
import io.seckill.gateway.http.ServerClock;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.redis.SaleStatus;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class AuditWatchTest {
    private static final int STOCK = 10_000_000;
    private static final int EVERY_S = 60;
    private static final int LOOK_S = 1;
    private static final int MOST_PUT_OFF_S = 120;

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::atMs));
    private long nowMs;
    private int sold = 1;
    private int audits;

    private record Timer(long atMs, Handler<Long> handler) {}

    @Test
    void shouldAuditASaleOfWhichSomethingWasSold() {
        start();

        seconds(EVERY_S + LOOK_S, 0);

        assertEquals(1, audits);
    }

    @Test
    void shouldLetARushGoBy() {
        start();

        seconds(EVERY_S + LOOK_S + 20, AuditWatch.RUSH_UNITS);
        assertEquals(0, audits);

        seconds(LOOK_S, AuditWatch.RUSH_UNITS - 1);
        assertEquals(1, audits);
    }

    @Test
    void shouldLetARushGoByBeforeEachRound() {
        start();
        seconds(EVERY_S + LOOK_S, 0);

        seconds(EVERY_S + LOOK_S + 20, AuditWatch.RUSH_UNITS);
        assertEquals(1, audits);

        seconds(LOOK_S, 0);
        assertEquals(2, audits);
    }

    @Test
    void shouldNotWaitForTheEndOfALongRush() {
        start();

        seconds(EVERY_S + MOST_PUT_OFF_S, AuditWatch.RUSH_UNITS);
        assertEquals(0, audits);

        seconds(LOOK_S, AuditWatch.RUSH_UNITS);
        assertEquals(1, audits);
    }

    private void start() {
        new AuditWatch(row -> audit(), this::catalog, EVERY_S * 1_000, new SimpleMeterRegistry()).start(vertx());
    }

    private Future<AuditTerms> audit() {
        audits++;
        return Future.succeededFuture(new AuditTerms(STOCK, STOCK - sold, 0, sold, 0, 0, 0, 0, 0));
    }

    private SaleCatalog catalog() {
        SaleRow row = new SaleRow(
                "s1", "t", "", "", 990, "CNY", STOCK, 1, 0, Long.MAX_VALUE, 900, 1, 1, SaleRow.Phase.SELLING, false);
        SaleStatus status = new SaleStatus(nowMs, true, true, 1, "selling", STOCK - sold, sold, 0, 0, 1, STOCK, 0);
        return new SaleCatalog(Map.of("s1", SaleView.of(row).with(status)), new ServerClock(nowMs, 0, () -> 0));
    }

    /** Lets so many seconds go by, in each of which so many units are sold. */
    private void seconds(int count, int units) {
        for (int i = 0; i < count; i++) {
            sold += units;
            nowMs += 1_000;
            while (!timers.isEmpty() && timers.peek().atMs() <= nowMs) {
                timers.poll().handler().handle(0L);
            }
        }
    }

    // Its timers only.
    private Vertx vertx() {
        return (Vertx) Proxy.newProxyInstance(
                Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("setTimer")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    @SuppressWarnings("unchecked")
                    Handler<Long> handler = (Handler<Long>) arguments[1];
                    timers.add(new Timer(nowMs + (long) arguments[0], handler));
                    return 0L;
                });
    }
}
