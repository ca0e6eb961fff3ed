package io.seckill.gateway.admin;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters the way of every order once more: to the order exchange, with a confirm, so that a worker stores them
 * under the guard or dead-letters them again. Only then is the letter marked; a crash in between sends it twice, which the
 * order's id absorbs. On one event loop.
 */
final class DeadLetterReplay {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterReplay.class);
    // Whole payloads in memory at a time, each up to a megabyte, and as many confirms awaited.
    private static final int CHUNK = 32;

    private final DeadLetterStore store;
    private final SeckillFunctions functions;
    private final AmqpLink amqp;
    private final Topology topology;
    private boolean busy;

    DeadLetterReplay(DeadLetterStore store, SeckillFunctions functions, AmqpLink amqp, Topology topology) {
        this.store = store;
        this.functions = functions;
        this.amqp = amqp;
        this.topology = topology;
    }

    /** One replay at a time. */
    boolean isBusy() {
        return busy;
    }

    /** RabbitMQ takes what is published. */
    boolean isReady() {
        return amqp.current() != null && !amqp.current().isBlocked();
    }

    /** What was sent, and what was not and why. */
    record Outcome(List<String> replayed, JsonArray refused) {
        private void refuse(String key, String why) {
            refused.add(new JsonObject().put("key", key).put("why", why));
        }
    }

    /**
     * @param keys which letters
     * @param actor the operator, for the audit trail
     * @return fails if MySQL cannot be asked; what was sent until then may be sent again
     */
    Future<Outcome> run(Supplier<Future<List<String>>> keys, String actor) {
        busy = true;
        return keys.get()
                .compose(found -> next(found, actor, new Outcome(new ArrayList<>(), new JsonArray())))
                .onSuccess(done -> LOG.info(
                        "dead letters replayed={} refused={} operator={}",
                        done.replayed.size(),
                        done.refused.size(),
                        actor))
                .onComplete(done -> busy = false);
    }

    private Future<Outcome> next(List<String> keys, String actor, Outcome outcome) {
        if (keys.isEmpty()) {
            return Future.succeededFuture(outcome);
        }
        List<String> chunk = keys.subList(0, Math.min(CHUNK, keys.size()));
        List<String> rest = keys.subList(chunk.size(), keys.size());
        return store.whole(chunk)
                .compose(letters -> replay(chunk, letters, actor, outcome))
                .compose(v -> next(rest, actor, outcome));
    }

    private Future<Void> replay(List<String> keys, List<DeadLetterRow> letters, String actor, Outcome outcome) {
        Set<String> unknown = new HashSet<>(keys);
        List<DeadLetterRow> confirmed = new ArrayList<>();
        List<Future<Void>> confirms = new ArrayList<>();
        for (DeadLetterRow letter : letters) {
            unknown.remove(letter.key());
            if (letter.whyNot() != null) {
                outcome.refuse(letter.key(), letter.whyNot());
            } else {
                confirms.add(hasUnits(letter)
                        .compose(has -> {
                            if (!has) {
                                outcome.refuse(letter.key(), "units_gone");
                                return Future.succeededFuture();
                            }
                            return publish(letter).onSuccess(v -> confirmed.add(letter));
                        })
                        // It may have arrived for all that; then it is absorbed when it is sent again.
                        .onFailure(e -> outcome.refuse(letter.key(), "unconfirmed")));
            }
        }
        unknown.forEach(key -> outcome.refuse(key, "not_found"));
        return Future.join(confirms).transform(done -> mark(confirmed, actor, outcome));
    }

    private Future<Void> mark(List<DeadLetterRow> confirmed, String actor, Outcome outcome) {
        if (confirmed.isEmpty()) {
            return Future.succeededFuture();
        }
        return store.replayed(confirmed, actor)
                .onSuccess(v -> confirmed.forEach(letter -> outcome.replayed.add(letter.key())));
    }

    // A rebuild keeps the units of a letter and its buyer's entry. Without them a replay would sell a unit twice.
    private Future<Boolean> hasUnits(DeadLetterRow letter) {
        return letter.outlivedARebuild()
                ? functions.find(SaleKeys.of(letter.saleId()), letter.userId()).map(letter::hasUnitsBy)
                : Future.succeededFuture(true);
    }

    private Future<Void> publish(DeadLetterRow letter) {
        AmqpGeneration generation = amqp.current();
        return generation == null
                ? Future.failedFuture("not connected to RabbitMQ")
                : generation.publish(
                        topology.orderExchange(),
                        Topology.ORDER_BATCH_KEY,
                        Topology.orderBatchProperties(),
                        letter.toPublish());
    }
}
