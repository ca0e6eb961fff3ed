package io.seckill.gateway.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.schema.order.DeadLetters;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many dead letters wait for an operator, read from MySQL now and then; the last number while it is away. */
public final class DeadLetterGauge {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterGauge.class);
    private static final int EVERY_MS = 10_000;
    private static final String COUNTS = "SELECT COALESCE(SUM(" + DeadLetters.HOLDS_UNITS + "), 0) AS replayable,"
            + " COUNT(*) AS total FROM dead_letter d WHERE " + DeadLetters.OPEN;

    private final Pool mysql;
    private final int timeoutMs;
    private volatile double replayable = Double.NaN;
    private volatile double others = Double.NaN;
    private boolean busy;

    public DeadLetterGauge(Pool mysql, int timeoutMs, MeterRegistry registry) {
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
        gauge(registry, "true", gauge -> gauge.replayable);
        gauge(registry, "false", gauge -> gauge.others);
    }

    public void start(Vertx vertx) {
        vertx.setPeriodic(1, EVERY_MS, id -> read());
    }

    private void gauge(MeterRegistry registry, String tag, java.util.function.ToDoubleFunction<DeadLetterGauge> value) {
        Gauge.builder("seckill.dead.letters.open", this, value)
                .description("Dead letters that are neither stored nor under way again")
                .tag("replayable", tag)
                .register(registry);
    }

    private void read() {
        if (busy) {
            return;
        }
        busy = true;
        mysql.query(COUNTS)
                .execute()
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .onSuccess(rows -> {
                    Row row = rows.iterator().next();
                    replayable = row.getNumeric("replayable").doubleValue();
                    others = row.getLong("total") - replayable;
                })
                .onFailure(e -> LOG.debug("dead letters are not counted: {}", e.getMessage()))
                .onComplete(done -> busy = false);
    }
}
