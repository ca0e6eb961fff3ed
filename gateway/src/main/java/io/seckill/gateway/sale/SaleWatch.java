package io.seckill.gateway.sale;

import io.seckill.gateway.http.ServerClock;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this gateway's knowledge of the sales fresh: rows from MySQL, status from Redis, both polled, and at once when
 * Redis publishes a change. Loads new sales into Redis. One per process, on one event loop; every round ends in an
 * immutable {@link SaleCatalog} for all.
 */
public final class SaleWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SaleWatch.class);
    private static final int ROWS_EVERY_MS = 500;
    private static final int QUIET_EVERY_MS = 2_000;
    private static final int SOON_MS = 10_000;
    private static final int SCAN_PAGE = 1_000;
    private static final int SCAN_REST = 9;
    private static final int MAX_HOLDERS = 2_000_000;
    private static final int STALE_AFTER_MS = 5_000;

    private final Vertx vertx;
    private final SaleStore store;
    private final SeckillFunctions functions;
    private final RedisLink redis;
    private final int pollMs;

    private final Map<String, SaleView> sales = new HashMap<>();
    private final Map<String, Long> askedNanos = new HashMap<>();
    private final Set<String> scanning = new HashSet<>();
    private final Set<String> adopting = new HashSet<>();
    private final Set<String> updating = new HashSet<>();
    private final Map<String, Long> scanAgainNanos = new HashMap<>();
    private final List<Promise<Void>> afterRead = new ArrayList<>();
    private ServerClock clock;
    private long clockReadNanos;
    private long rowsReadNanos;
    private boolean rowsKnown;
    private boolean readingRows;
    private boolean rowsWanted;
    private boolean polling;

    public SaleWatch(Vertx vertx, SaleStore store, RedisLink redis, int pollMs) {
        this.vertx = vertx;
        this.store = store;
        this.redis = redis;
        this.functions = new SeckillFunctions(redis);
        this.pollMs = pollMs;
        // Until Redis has told the time, this gateway is not ready.
        this.clock = ServerClock.at(System.currentTimeMillis(), System::nanoTime);
    }

    public SaleWatch start() {
        vertx.setPeriodic(1, ROWS_EVERY_MS, id -> readRows());
        vertx.setPeriodic(1, pollMs, id -> poll());
        return this;
    }

    /** MySQL answered lately, so sales that others made are known here. */
    public boolean isFresh() {
        return rowsKnown && System.nanoTime() - rowsReadNanos < STALE_AFTER_MS * 1_000_000L;
    }

    /** Redis told the time, be it long ago: what depends on it does not depend on this machine's clock. */
    public boolean knowsTime() {
        return clockReadNanos != 0;
    }

    public SaleCatalog catalog() {
        return new SaleCatalog(sales, clock);
    }

    /** A change was published, by Redis' functions or by another gateway. */
    public void changed(String saleId) {
        readRows();
        SaleView known = sales.get(saleId);
        if (known != null) {
            ask(known).onComplete(done -> publish());
        }
    }

    /** Loads a sale that was just created, without waiting for the next round. */
    public Future<Void> loadNow(String saleId) {
        return load(saleId).compose(loaded -> refresh());
    }

    /**
     * A sale was just changed in MySQL: brings it into Redis and into this gateway's catalog, without waiting for the next
     * round. Succeeds also when Redis could not be reached; the rounds go on trying.
     */
    public Future<Void> changedNow(String saleId) {
        return refresh()
                .compose(v -> sales.containsKey(saleId) ? ask(sales.get(saleId)) : Future.succeededFuture())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Void> refresh() {
        Promise<Void> read = Promise.promise();
        afterRead.add(read);
        readRows();
        return read.future();
    }

    // At most one read at a time; what is wanted meanwhile is one more.
    private void readRows() {
        if (readingRows) {
            rowsWanted = true;
            return;
        }
        readingRows = true;
        rowsWanted = false;
        store.current()
                .compose(this::merge)
                .onFailure(e -> LOG.debug("reading sales: {}", e.getMessage()))
                .onComplete(done -> {
                    readingRows = false;
                    if (done.succeeded() && rowsWanted) {
                        readRows();
                        return;
                    }
                    List<Promise<Void>> waiting = List.copyOf(afterRead);
                    afterRead.clear();
                    waiting.forEach(read -> read.handle(done));
                });
    }

    private Future<Void> merge(List<SaleRow> rows) {
        rowsKnown = true;
        rowsReadNanos = System.nanoTime();
        Set<String> ids = new HashSet<>();
        List<Future<?>> fresh = new ArrayList<>();
        for (SaleRow row : rows) {
            ids.add(row.saleId());
            SaleView known = sales.get(row.saleId());
            sales.put(row.saleId(), known == null ? SaleView.of(row) : known.with(row));
            if (row.phase() == SaleRow.Phase.LOADING) {
                fresh.add(load(row.saleId()));
            } else if (known == null
                    || known.row().version() != row.version()
                    || known.row().phase() != row.phase()
                    || known.row().epoch() != row.epoch()
                    || known.row().recovering() != row.recovering()) {
                fresh.add(ask(sales.get(row.saleId())));
            }
        }
        sales.keySet().retainAll(ids);
        askedNanos.keySet().retainAll(ids);
        scanAgainNanos.keySet().retainAll(ids);
        return Future.join(fresh).otherwiseEmpty().map(done -> {
            publish();
            return null;
        });
    }

    private Future<?> load(String saleId) {
        return store.load(saleId, functions)
                .onSuccess(loaded -> {
                    if (loaded) {
                        LOG.atInfo().addKeyValue("saleId", saleId).log("sale loaded");
                        rowsWanted = true;
                        SaleChanges.publish(redis, saleId);
                    }
                })
                .onFailure(
                        e -> LOG.atWarn().addKeyValue("saleId", saleId).log("sale not loaded yet: {}", e.getMessage()));
    }

    private void poll() {
        if (polling) {
            return;
        }
        polling = true;
        long now = System.nanoTime();
        List<Future<?>> asked = new ArrayList<>();
        for (SaleView sale : sales.values()) {
            Long last = askedNanos.get(sale.saleId());
            long every = isBusy(sale) ? 0 : QUIET_EVERY_MS * 1_000_000L;
            if (last == null || now - last >= every) {
                asked.add(ask(sale));
            }
        }
        if (!knowsTime() || now - clockReadNanos > QUIET_EVERY_MS * 1_000_000L) {
            asked.add(readClock());
        }
        Future.join(asked).onComplete(done -> {
            polling = false;
            publish();
        });
    }

    // Where there is no sale to tell it by the way.
    private Future<?> readClock() {
        return redis.send(Request.cmd(Command.TIME))
                .onSuccess(time ->
                        setClock(time.get(0).toLong() * 1_000 + time.get(1).toLong() / 1_000));
    }

    private void setClock(long nowMs) {
        clock = ServerClock.at(nowMs, System::nanoTime);
        clockReadNanos = System.nanoTime();
    }

    private boolean isBusy(SaleView sale) {
        long now = clock.nowMs();
        boolean selling = now > sale.row().startsMs() - SOON_MS && !sale.isOver(now);
        return selling || (sale.status() != null && sale.status().unconfirmed() > 0);
    }

    private Future<?> ask(SaleView sale) {
        String saleId = sale.saleId();
        askedNanos.put(saleId, System.nanoTime());
        return functions.status(sale.keys()).onSuccess(status -> {
            setClock(status.nowMs());
            SaleView current = sales.get(saleId);
            if (current != null) {
                sales.put(saleId, current.with(status));
                adopt(current.row(), status);
                bringUpToDate(current.row(), status);
                findHolders(saleId, status);
            }
        });
    }

    // While services are upgraded, a sale may be on sale for another version's functions only.
    private void adopt(SaleRow row, SaleStatus status) {
        boolean adoptable = status.present() && !status.armed() && status.epoch() == row.epoch() && !row.recovering();
        if (adoptable && adopting.add(row.saleId())) {
            functions
                    .adopt(SaleKeys.of(row.saleId()))
                    .onSuccess(adopted -> {
                        if (adopted) {
                            LOG.atInfo()
                                    .addKeyValue("saleId", row.saleId())
                                    .log("sale adopted from another version of the functions");
                        }
                    })
                    .onComplete(done -> adopting.remove(row.saleId()));
        }
    }

    // What an operator changed is in MySQL first; whoever sees that Redis is behind brings it there.
    private void bringUpToDate(SaleRow row, SaleStatus status) {
        String phase = row.phase().redis();
        boolean behind = !row.recovering()
                && status.armed()
                && status.epoch() == row.epoch()
                && status.version() < row.version();
        if (!behind || phase.isEmpty() || !updating.add(row.saleId())) {
            return;
        }
        functions
                .update(
                        SaleKeys.of(row.saleId()),
                        row.epoch(),
                        row.version(),
                        phase,
                        row.startsMs(),
                        row.endsMs(),
                        row.maxPerUser(),
                        row.stock())
                .onSuccess(updated -> LOG.atInfo()
                        .addKeyValue("saleId", row.saleId())
                        .addKeyValue("version", row.version())
                        .log("sale {} in Redis", updated))
                .onFailure(e -> LOG.atWarn()
                        .addKeyValue("saleId", row.saleId())
                        .log("sale not updated in Redis yet: {}", e.getMessage()))
                .onComplete(done -> {
                    updating.remove(row.saleId());
                    SaleView current = sales.get(row.saleId());
                    if (done.succeeded() && current != null) {
                        ask(current).onComplete(v -> publish());
                    }
                });
    }

    // Once sold out, who holds the units is fixed until one comes back: learn it, and strangers need not ask Redis.
    private void findHolders(String saleId, SaleStatus status) {
        SaleView sale = sales.get(saleId);
        boolean known = sale.holders() != null && sale.holders().isOf(status);
        if (!status.armed() || status.remaining() > 0 || known || sale.row().stock() > MAX_HOLDERS) {
            return;
        }
        // A sale that goes in and out of stock must not keep Redis busy with telling who holds what.
        long started = System.nanoTime();
        boolean rested = started - scanAgainNanos.getOrDefault(saleId, started) >= 0;
        if (rested && scanning.add(saleId)) {
            scan(sale.keys(), "0", new HolderHashes())
                    .onSuccess(hashes -> {
                        SaleView current = sales.get(saleId);
                        if (current != null) {
                            sales.put(saleId, current.with(Holders.of(status.epoch(), status.seq(), hashes.toArray())));
                            publish();
                        }
                    })
                    .onComplete(done -> {
                        long now = System.nanoTime();
                        scanAgainNanos.put(saleId, now + SCAN_REST * (now - started));
                        scanning.remove(saleId);
                    });
        }
    }

    private Future<HolderHashes> scan(SaleKeys keys, String cursor, HolderHashes hashes) {
        return functions.scan(keys, cursor, SCAN_PAGE).compose(page -> {
            page.users().forEach(hashes::add);
            return page.last() ? Future.succeededFuture(hashes) : scan(keys, page.nextCursor(), hashes);
        });
    }

    private void publish() {
        if (rowsKnown) {
            vertx.eventBus().publish(SaleCatalog.ADDRESS, catalog());
        }
    }
}
