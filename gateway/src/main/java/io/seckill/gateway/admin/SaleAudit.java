package io.seckill.gateway.admin;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Counts where every unit of a sale is, while the sale goes on. Units move from Redis to MySQL, so Redis is read first:
 * one atomic reading fixes the cut (what remains, and the number of the last accepting call). Then one consistent snapshot
 * of MySQL is opened, and both ledgers are counted up to the cut only. What was accepted later is in neither count, so a
 * busy sale raises no false alarm.
 */
public final class SaleAudit {
    /** Past this age an accepted order must be in MySQL or visibly on its way; otherwise it is lost. */
    static final int LOST_AFTER_MS = 30_000;

    private static final int SCAN_PAGE = 500;
    private static final int RECHECK_AFTER_MS = 2_000;
    private static final int MYSQL_TIMEOUT_S = 60;

    private final Vertx vertx;
    private final Pool mysql;
    private final SeckillFunctions functions;
    private final AmqpLink amqp;
    private final Topology topology;

    public SaleAudit(Vertx vertx, Pool mysql, SeckillFunctions functions, AmqpLink amqp, Topology topology) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.functions = functions;
        this.amqp = amqp;
        this.topology = topology;
    }

    /** Fails if a server cannot be asked. */
    public Future<AuditTerms> run(SaleRow sale) {
        SaleKeys keys = SaleKeys.of(sale.saleId());
        return functions.status(keys).compose(cut -> mysql.withConnection(connection -> connection
                        .query("START TRANSACTION WITH CONSISTENT SNAPSHOT")
                        .execute()
                        .compose(v -> new Count(sale, keys, cut, connection).run())
                        .eventually(() -> connection.query("ROLLBACK").execute()))
                .timeout(MYSQL_TIMEOUT_S, TimeUnit.SECONDS));
    }

    private static final class Missing {
        final BuyerEntry entry;
        final String orderId;

        Missing(BuyerEntry entry, String orderId) {
            this.entry = entry;
            this.orderId = orderId;
        }
    }

    /** One run: its cut, its snapshot, and what it has counted so far. */
    private final class Count {
        private final SaleRow sale;
        private final SaleKeys keys;
        private final SaleStatus cut;
        private final SqlConnection snapshot;
        private final List<Missing> overdue = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private long inFlight;
        private long deadLettered;

        Count(SaleRow sale, SaleKeys keys, SaleStatus cut, SqlConnection snapshot) {
            this.sale = sale;
            this.keys = keys;
            this.cut = cut;
            this.snapshot = snapshot;
        }

        Future<AuditTerms> run() {
            return scan("0").compose(v -> findLost()).compose(lost -> snapshot.preparedQuery("SELECT s.stock,"
                            + " (SELECT COALESCE(SUM(quantity), 0) FROM orders WHERE " + UP_TO_CUT
                            + " AND state = 'pending_payment') AS pending,"
                            + " (SELECT COALESCE(SUM(quantity), 0) FROM orders WHERE " + UP_TO_CUT
                            + " AND state = 'paid') AS paid,"
                            + " (SELECT COALESCE(SUM(quantity), 0) FROM orders WHERE sale_id = s.sale_id"
                            + " AND state IN ('pending_payment', 'paid')) AS active,"
                            + " (SELECT COALESCE(SUM(quantity), 0) FROM restock WHERE sale_id = s.sale_id"
                            + " AND applied_at IS NULL) AS restocking"
                            + " FROM sale_row s WHERE s.sale_id = ?")
                    .execute(Tuple.of(epoch(), epoch(), seq(), epoch(), epoch(), seq(), sale.saleId()))
                    .map(rows -> terms(rows.iterator().next(), lost)));
        }

        private AuditTerms terms(Row row, long lost) {
            long stock = row.getLong("stock");
            return new AuditTerms(
                    stock,
                    cut.remaining(),
                    inFlight - lost,
                    row.getLong("pending"),
                    row.getLong("paid"),
                    row.getLong("restocking"),
                    Math.max(0, row.getLong("active") - stock),
                    lost,
                    deadLettered);
        }

        private int epoch() {
            return cut.present() ? cut.epoch() : sale.epoch();
        }

        private long seq() {
            return cut.present() ? cut.seq() : Long.MAX_VALUE;
        }

        private boolean isBeforeCut(BuyerEntry entry) {
            return entry.epoch() < epoch() || (entry.epoch() == epoch() && entry.seq() <= seq());
        }

        private Future<Void> scan(String cursor) {
            return functions.scan(keys, cursor, SCAN_PAGE).compose(page -> count(page)
                    .compose(v -> page.last() ? Future.succeededFuture() : scan(page.nextCursor())));
        }

        private Future<Void> count(SeckillFunctions.Page page) {
            Map<String, BuyerEntry> taken = new HashMap<>();
            for (int i = 0; i < page.users().size(); i++) {
                BuyerEntry entry = page.entries().get(i);
                if (entry.active() && isBeforeCut(entry)) {
                    String id = OrderIds.of(sale.saleId(), page.users().get(i), entry.attempt())
                            .toString();
                    if (seen.add(id)) {
                        taken.put(id, entry);
                    }
                }
            }
            return without(snapshot, "orders", taken).compose(notStored -> without(snapshot, "dead_letter", notStored)
                    .map(missing -> {
                        deadLettered += units(notStored) - units(missing);
                        inFlight += units(missing);
                        missing.forEach((id, entry) -> {
                            if (cut.nowMs() - entry.createdAtMs() > LOST_AFTER_MS) {
                                overdue.add(new Missing(entry, id));
                            }
                        });
                        return null;
                    }));
        }

        // Overdue is lost only if it is in no outbox and no queue, and has not arrived by a later look either.
        private Future<Long> findLost() {
            if (overdue.isEmpty()) {
                return Future.succeededFuture(0L);
            }
            return functions.outbox(keys).compose(outbox -> queued().compose(queued -> {
                if (queued > 0) {
                    return Future.succeededFuture(0L);
                }
                Map<String, BuyerEntry> suspects = overdue.stream()
                        .filter(missing -> !outbox.contains(Lot.id(missing.entry.epoch(), missing.entry.seq())))
                        .collect(Collectors.toMap(missing -> missing.orderId, missing -> missing.entry));
                return vertx.timer(RECHECK_AFTER_MS, TimeUnit.MILLISECONDS)
                        .compose(v -> without(mysql, "orders", suspects))
                        .compose(still -> without(mysql, "dead_letter", still))
                        .map(this::units);
            }));
        }

        private Future<Integer> queued() {
            if (amqp.current() == null) {
                return Future.failedFuture(new IllegalStateException("RabbitMQ cannot be asked"));
            }
            return amqp.current().onChannel(channel -> (int) (channel.messageCount(topology.orderQueue())
                    + channel.messageCount(topology.unroutedQueue())
                    + channel.messageCount(topology.deadQueue())));
        }

        private long units(Map<String, BuyerEntry> orders) {
            return orders.values().stream().mapToLong(BuyerEntry::quantity).sum();
        }
    }

    private static final String UP_TO_CUT = "sale_id = s.sale_id AND (epoch < ? OR epoch = ? AND lot_seq <= ?)";

    /** Those of the orders that the table does not have. The ids are ours: hexadecimal digits and dashes. */
    private static Future<Map<String, BuyerEntry>> without(
            io.vertx.sqlclient.SqlClient mysql, String table, Map<String, BuyerEntry> orders) {
        if (orders.isEmpty()) {
            return Future.succeededFuture(orders);
        }
        String ids = orders.keySet().stream().collect(Collectors.joining("','", "('", "')"));
        return mysql.query("SELECT order_id FROM " + table + " WHERE order_id IN " + ids)
                .execute()
                .map(rows -> {
                    Map<String, BuyerEntry> rest = new HashMap<>(orders);
                    rows.forEach(row -> rest.remove(row.getString("order_id")));
                    return rest;
                });
    }
}
