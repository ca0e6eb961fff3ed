package io.seckill.gateway.admin;

import io.seckill.gateway.admin.SaleChange.Decision;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.AuditTrail;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleWatch;
import io.seckill.schema.rebuild.RebuildRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Carries out what an operator asks for: in MySQL, with its line in the audit trail, in one transaction under the lock of
 * the sale's row; then at once in Redis and on this gateway. Redis takes newer versions only, and every gateway that sees
 * it behind brings it up to date, so a crash in between delays a change and never loses or doubles it.
 */
final class SaleControls {
    private static final int DUPLICATE_KEY = 1062;

    private final Pool mysql;
    private final SaleWatch watch;
    private final int timeoutMs;

    SaleControls(Pool mysql, SaleWatch watch, int timeoutMs) {
        this.mysql = mysql;
        this.watch = watch;
        this.timeoutMs = timeoutMs;
    }

    /** The sale as it now is, or why it was not changed. */
    record Outcome(SaleRow sale, Problem refusal) {}

    /**
     * @param requestKey names this very request, so that asking again does not do it again; null if it need not
     * @return fails if MySQL did not answer: the change may or may not be made, and may be asked for again
     */
    Future<Outcome> apply(String saleId, SaleChange change, String actor, String requestKey) {
        return mysql.withTransaction(transaction -> lock(transaction, saleId)
                        .compose(sale -> sale == null
                                ? Future.succeededFuture(new Outcome(null, Problem.NOT_FOUND))
                                : onceOnly(transaction, sale, change, actor, requestKey)))
                .recover(e -> e instanceof MySQLException sql && sql.getErrorCode() == DUPLICATE_KEY
                        ? Future.succeededFuture(new Outcome(null, reused()))
                        : Future.failedFuture(e))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(outcome -> outcome.refusal != null
                        ? Future.succeededFuture(outcome)
                        : watch.changedNow(saleId).map(outcome));
    }

    /**
     * Takes the sale off sale and lets a worker bring it back from the ledger. A sale that is being rebuilt is left to that.
     *
     * @return the sale, recovering
     */
    Future<Outcome> rebuild(String saleId, String actor) {
        return mysql.withTransaction(transaction -> transaction
                        .preparedQuery("SELECT " + SaleRow.COLUMNS + " FROM sale_row WHERE sale_id = ?")
                        .execute(Tuple.of(saleId))
                        .compose(rows -> rows.size() == 0
                                ? Future.succeededFuture(new Outcome(null, Problem.NOT_FOUND))
                                : begin(transaction, SaleRow.of(rows.iterator().next()), actor)))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(outcome -> outcome.refusal != null
                        ? Future.succeededFuture(outcome)
                        : watch.changedNow(saleId).map(outcome));
    }

    private static Future<Outcome> begin(SqlConnection transaction, SaleRow sale, String actor) {
        if (sale.recovering()) {
            return Future.succeededFuture(new Outcome(sale, null));
        }
        return RebuildRequest.begin(transaction, sale.saleId(), sale.epoch(), "asked for by " + actor)
                .compose(begun -> begun
                        ? AuditTrail.add(
                                        transaction,
                                        actor,
                                        "rebuild",
                                        sale.saleId(),
                                        new JsonObject().put("fromEpoch", sale.epoch()),
                                        null)
                                .map(new Outcome(sale.rebuilding(), null))
                        // It is being loaded for the first time, or was rebuilt under our eyes.
                        : Future.succeededFuture(new Outcome(sale, Problem.RECOVERING)));
    }

    private Future<Outcome> onceOnly(
            SqlConnection transaction, SaleRow sale, SaleChange change, String actor, String requestKey) {
        if (requestKey == null) {
            return decide(transaction, sale, change, actor, null);
        }
        return AuditTrail.find(transaction, requestKey).compose(done -> {
            if (done == null) {
                return decide(transaction, sale, change, actor, requestKey);
            }
            boolean same = done.saleId().equals(sale.saleId())
                    && change instanceof SaleChange.Restock restock
                    && done.action().equals(restock.action())
                    && done.detail().getInteger("quantity", 0) == restock.quantity();
            return Future.succeededFuture(same ? new Outcome(sale, null) : new Outcome(null, reused()));
        });
    }

    private Future<Outcome> decide(
            SqlConnection transaction, SaleRow sale, SaleChange change, String actor, String requestKey) {
        Decision decision = change.on(sale, watch.catalog().nowMs());
        if (!decision.changesSomething()) {
            return Future.succeededFuture(new Outcome(decision.becomes(), decision.refusal()));
        }
        return write(transaction, decision.becomes())
                .compose(v -> AuditTrail.add(
                        transaction, actor, change.action(), sale.saleId(), decision.detail(), requestKey))
                .map(new Outcome(decision.becomes(), null));
    }

    private static Future<SaleRow> lock(SqlConnection transaction, String saleId) {
        return transaction
                .preparedQuery("SELECT " + SaleRow.COLUMNS + " FROM sale_row WHERE sale_id = ? FOR UPDATE")
                .execute(Tuple.of(saleId))
                .map(rows ->
                        rows.size() == 0 ? null : SaleRow.of(rows.iterator().next()));
    }

    private static Future<Void> write(SqlConnection transaction, SaleRow sale) {
        Tuple values = Tuple.tuple(new ArrayList<>(List.of(
                sale.title(),
                sale.description(),
                sale.imageUrl(),
                SaleRow.utc(sale.startsMs()),
                SaleRow.utc(sale.endsMs()),
                sale.maxPerUser(),
                sale.stock(),
                sale.phase().stored(),
                sale.saleId())));
        return transaction
                .preparedQuery("UPDATE sale_row SET title = ?, description = ?, image_url = ?, starts_at = ?,"
                        + " ends_at = ?, max_per_user = ?, stock = ?, phase = ?, version = version + 1"
                        + " WHERE sale_id = ?")
                .execute(values)
                .mapEmpty();
    }

    private static Problem reused() {
        return Problem.keyReused("this Idempotency-Key was used for another call");
    }
}
