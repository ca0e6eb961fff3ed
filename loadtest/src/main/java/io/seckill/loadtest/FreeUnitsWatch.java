package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Looks at a sale on each gateway until all its units are free there, one question at a time. */
final class FreeUnitsWatch {

    private static final long PAUSE_MS = 20;

    private final Vertx vertx;
    private final StackApi api;
    private final String saleId;
    private final int units;

    FreeUnitsWatch(Vertx vertx, StackApi api, String saleId, int units) {
        this.vertx = vertx;
        this.api = api;
        this.saleId = saleId;
        this.units = units;
    }

    /** When the last of the gateways showed all units as free, by the servers' clock; never completes if one does not. */
    Future<Instant> allFree(List<String> gateways) {
        List<Future<Instant>> each = gateways.stream().map(this::free).toList();
        return Future.all(each).map(done -> each.stream()
                .map(Future::result)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH));
    }

    private Future<Instant> free(String gateway) {
        return api.sale(gateway, saleId).transform(answer -> {
            JsonObject sale = answer.succeeded() ? answer.result() : new JsonObject();
            if (sale.getInteger("remaining", -1) == units) {
                return Future.succeededFuture(Instant.parse(sale.getString("serverTime")));
            }
            Promise<Void> pause = Promise.promise();
            vertx.setTimer(PAUSE_MS, id -> pause.complete());
            return pause.future().compose(v -> free(gateway));
        });
    }
}
