package io.seckill.gateway.admin;

import io.seckill.gateway.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Payments as the operator sees them, above all those whose money is to be given back. */
final class PaymentsAdmin {
    private static final int MAX_SHOWN = 500;
    private static final Set<String> STATES = Set.of("failed", "settled", "refund_due", "refunded");

    private final Pool mysql;
    private final int timeoutMs;

    PaymentsAdmin(Pool mysql, int timeoutMs) {
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
    }

    /** On a router that let only operators through. */
    void mount(Router router) {
        router.get("/admin/v1/payments").handler(this::list);
    }

    private void list(RoutingContext context) {
        String state = context.request().getParam("state", "refund_due");
        if (!STATES.contains(state)) {
            Problem.invalid("state must be one of failed, settled, refund_due, refunded")
                    .send(context.response());
            return;
        }
        payments(state)
                .onSuccess(payments -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(payments.toBuffer()))
                .onFailure(e -> Problem.OVERLOADED.send(context.response()));
    }

    /** The oldest first: whoever waits longest for her money comes first. */
    private Future<JsonArray> payments(String state) {
        return mysql.preparedQuery(
                        "SELECT p.payment_id, p.order_id, o.user_id, o.sale_id, p.amount, p.currency, p.state,"
                                + " p.reason, p.created_at, p.updated_at FROM payment p LEFT JOIN orders o"
                                + " ON o.order_id = p.order_id WHERE p.state = ? ORDER BY p.updated_at LIMIT "
                                + MAX_SHOWN)
                .execute(Tuple.of(state))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    JsonArray payments = new JsonArray();
                    rows.forEach(row -> payments.add(json(row)));
                    return payments;
                });
    }

    private static JsonObject json(Row row) {
        return new JsonObject()
                .put("id", row.getString("payment_id"))
                .put("orderId", row.getString("order_id"))
                .put("userId", row.getString("user_id"))
                .put("saleId", row.getString("sale_id"))
                .put("amount", row.getLong("amount"))
                .put("currency", row.getString("currency"))
                .put("state", row.getString("state"))
                .put("reason", row.getString("reason"))
                .put("createdAt", time(row.getLocalDateTime("created_at")))
                .put("updatedAt", time(row.getLocalDateTime("updated_at")));
    }

    private static String time(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC).toString();
    }
}
