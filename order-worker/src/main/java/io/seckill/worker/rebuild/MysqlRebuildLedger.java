package io.seckill.worker.rebuild;

import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SeckillFunctions.Holder;
import io.seckill.schema.redis.SeckillFunctions.Ledgered;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Recomputes a sale on two connections. One locks the sale's row; every transaction that frees or takes units needs that
 * row last, so while it is locked what is committed is complete. Under the lock the other opens a consistent snapshot, from
 * which it reads what is left and, long after the lock is gone, who holds what.
 */
final class MysqlRebuildLedger implements RebuildLedger {
    private static final int IDS_A_STATEMENT = 1_000;

    private final LedgerSession locks;
    private final LedgerSession snapshots;
    private final String coordinator;

    MysqlRebuildLedger(LedgerSession locks, LedgerSession snapshots, String coordinator) {
        this.locks = locks;
        this.snapshots = snapshots;
        this.coordinator = coordinator;
    }

    @Override
    public <T> Future<T> recompute(String saleId, int epoch, Function<Recomputed, Future<T>> write) {
        return snapshots.look(snapshot -> snapshot.query("ROLLBACK")
                .execute()
                .compose(v -> snapshot.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                        .execute())
                .compose(v -> locks.transaction(locked -> count(locked, snapshot, saleId, epoch)))
                .compose(write));
    }

    @Override
    public Future<Void> finish(String saleId, int epoch) {
        return locks.transaction(connection -> connection
                .preparedQuery("INSERT INTO audit_trail (at, actor, action, sale_id, detail)"
                        + " SELECT UTC_TIMESTAMP(3), LEFT(r.coordinator, 64), 'rebuild', r.sale_id,"
                        + " JSON_OBJECT('reason', r.reason, 'epoch', s.epoch, 'ms',"
                        + " TIMESTAMPDIFF(MICROSECOND, r.began_at, UTC_TIMESTAMP(3)) DIV 1000)"
                        + " FROM sale_rebuild r JOIN sale_row s ON s.sale_id = r.sale_id"
                        + " WHERE r.sale_id = ? AND r.coordinator = ? AND s.epoch = ?")
                .execute(Tuple.of(saleId, coordinator, epoch))
                .compose(v -> connection
                        .preparedQuery("DELETE FROM sale_rebuild WHERE sale_id = ? AND coordinator = ?"
                                + " AND EXISTS (SELECT 1 FROM sale_row s WHERE s.sale_id = ? AND s.epoch = ?)")
                        .execute(Tuple.of(saleId, coordinator, saleId, epoch)))
                .mapEmpty());
    }

    private Future<Recomputed> count(MySQLConnection locked, MySQLConnection snapshot, String saleId, int epoch) {
        return only(locked.preparedQuery("SELECT 1 FROM sale_rebuild WHERE sale_id = ? AND coordinator = ? FOR UPDATE")
                        .execute(Tuple.of(saleId, coordinator)))
                .compose(v -> only(locked.preparedQuery(
                                "SELECT version, phase, starts_at, ends_at, max_per_user, payment_window_s,"
                                        + " stock, sold FROM sale_row WHERE sale_id = ? AND epoch = ? FOR UPDATE")
                        .execute(Tuple.of(saleId, epoch))))
                .compose(sale -> snapshot.query("START TRANSACTION WITH CONSISTENT SNAPSHOT")
                        .execute()
                        .compose(v -> recomputed(snapshot, saleId, sale)))
                .compose(recomputed -> closePast(locked, snapshot, saleId).map(recomputed));
    }

    private static Future<Recomputed> recomputed(MySQLConnection snapshot, String saleId, Row sale) {
        int unsold = sale.getInteger("stock") - sale.getInteger("sold");
        Future<RowSet<Row>> dead = DeadHolders.query(snapshot, saleId);
        Future<RowSet<Row>> freed = snapshot.preparedQuery(
                        "SELECT COALESCE(MAX(applied_seq), 0), COUNT(*) FROM restock WHERE sale_id = ?")
                .execute(Tuple.of(saleId));
        Future<RowSet<Row>> epochs = snapshot.preparedQuery(
                        "SELECT DISTINCT epoch FROM orders WHERE sale_id = ? ORDER BY epoch")
                .execute(Tuple.of(saleId));
        return Future.all(dead, freed, epochs).map(read -> {
            DeadHolders holders = DeadHolders.of(dead.result(), unsold);
            Row past = freed.result().iterator().next();
            Ledgered ledgered = new Ledgered(
                    sale.getInteger("version"),
                    sale.getString("phase").equals("paused")
                                    || sale.getString("phase").equals("ended")
                            ? sale.getString("phase")
                            : "selling",
                    ms(sale.getLocalDateTime("starts_at")),
                    ms(sale.getLocalDateTime("ends_at")),
                    sale.getInteger("max_per_user"),
                    sale.getInteger("payment_window_s"),
                    sale.getInteger("stock"),
                    unsold - holders.units(),
                    past.getLong(0),
                    past.getLong(1));
            List<Integer> inOrder = new ArrayList<>();
            epochs.result().forEach(row -> inOrder.add(row.getInteger(0)));
            return new StoredHolders(snapshot, saleId, ledgered, inOrder, holders.list());
        });
    }

    /** From the commit on no order of an earlier epoch is stored, and no freed unit of before is given back again. */
    private static Future<Void> closePast(MySQLConnection locked, MySQLConnection snapshot, String saleId) {
        return locked.preparedQuery("UPDATE sale_row SET accept_epoch = epoch WHERE sale_id = ?")
                .execute(Tuple.of(saleId))
                // By their ids: one that a transaction is just adding must not be waited for, it waits for our lock.
                .compose(v -> snapshot.preparedQuery(
                                "SELECT order_id FROM restock WHERE sale_id = ? AND applied_at IS NULL")
                        .execute(Tuple.of(saleId)))
                .compose(open -> {
                    List<String> ids = new ArrayList<>();
                    open.forEach(row -> ids.add(row.getString(0)));
                    List<Future<?>> marks = new ArrayList<>();
                    for (int from = 0; from < ids.size(); from += IDS_A_STATEMENT) {
                        String in = ids.subList(from, Math.min(ids.size(), from + IDS_A_STATEMENT)).stream()
                                .collect(Collectors.joining("','", "('", "')"));
                        marks.add(locked.query("UPDATE restock SET applied_at = UTC_TIMESTAMP(3), applied_seq = 0"
                                        + " WHERE applied_at IS NULL AND order_id IN " + in)
                                .execute());
                    }
                    return Future.all(marks).mapEmpty();
                });
    }

    private static Future<Row> only(Future<RowSet<Row>> query) {
        return query.compose(rows -> rows.size() == 1
                ? Future.succeededFuture(rows.iterator().next())
                : Future.failedFuture(new IllegalStateException("another rebuild of the sale began")));
    }

    static long ms(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    /** The orders of a sale, epoch by epoch, as they were accepted; then who holds units by a dead letter. */
    private static final class StoredHolders implements Recomputed {
        private static final int PAGE = 1_000;

        private final MySQLConnection snapshot;
        private final String saleId;
        private final Ledgered sale;
        private final List<Integer> epochs;
        private final List<Holder> dead;
        private long seq;
        private String orderId = "";

        StoredHolders(MySQLConnection snapshot, String saleId, Ledgered sale, List<Integer> epochs, List<Holder> dead) {
            this.snapshot = snapshot;
            this.saleId = saleId;
            this.sale = sale;
            this.epochs = epochs;
            this.dead = new ArrayList<>(dead);
        }

        @Override
        public Ledgered sale() {
            return sale;
        }

        @Override
        public Future<List<Holder>> nextHolders() {
            if (epochs.isEmpty()) {
                List<Holder> page = dead.subList(0, Math.min(PAGE, dead.size()));
                List<Holder> last = List.copyOf(page);
                page.clear();
                return Future.succeededFuture(last);
            }
            return snapshot.preparedQuery("SELECT order_id, user_id, attempt, quantity, lot_seq, created_at,"
                            + " state IN ('pending_payment', 'paid') AS active FROM orders"
                            + " WHERE sale_id = ? AND epoch = ? AND lot_seq >= ? AND (lot_seq > ? OR order_id > ?)"
                            + " ORDER BY lot_seq, order_id LIMIT " + PAGE)
                    .execute(Tuple.of(saleId, epochs.get(0), seq, seq, orderId))
                    .compose(rows -> {
                        List<Holder> page = page(rows);
                        if (page.isEmpty()) {
                            epochs.remove(0);
                            seq = 0;
                            orderId = "";
                            return nextHolders();
                        }
                        return Future.succeededFuture(page);
                    });
        }

        private List<Holder> page(RowSet<Row> rows) {
            List<Holder> page = new ArrayList<>(rows.size());
            for (Row row : rows) {
                page.add(new Holder(
                        row.getString("user_id"),
                        new BuyerEntry(
                                row.getInteger("active") == 1,
                                row.getInteger("attempt"),
                                row.getInteger("quantity"),
                                epochs.get(0),
                                row.getLong("lot_seq"),
                                ms(row.getLocalDateTime("created_at")),
                                0)));
                seq = row.getLong("lot_seq");
                orderId = row.getString("order_id");
            }
            return page;
        }
    }
}
