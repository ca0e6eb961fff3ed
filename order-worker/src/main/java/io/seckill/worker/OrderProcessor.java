package io.seckill.worker;

import io.seckill.schema.fault.CrashPoint;
import io.seckill.worker.Bisection.Refused;
import io.seckill.worker.DeadLetterPublisher.Letter;
import io.seckill.worker.Intake.Message;
import io.seckill.worker.tracing.StoreTrace;
import io.seckill.worker.tracing.StoreTraces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Step 5 of a purchase: store, guard, ack. What may be stored is stored however often it takes; what never can be is
 * dead-lettered alone, with a confirm; what was stored is announced; only then is its delivery acked. The next file of the walk is {@link OrderStore}.
 *
 * <p>Belongs to the context of its consumer; one call at a time.
 */
final class OrderProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(OrderProcessor.class);

    private final Vertx vertx;
    private final MysqlLink mysql;
    private final OrderStore store;
    private final DeadLetterPublisher deadLetters;
    private final OrderAnnouncer announcer;
    private final StoreTraces traces;
    private final int maxRows;
    private boolean draining;

    OrderProcessor(
            Vertx vertx,
            MysqlLink mysql,
            OrderStore store,
            DeadLetterPublisher deadLetters,
            OrderAnnouncer announcer,
            StoreTraces traces,
            int maxRows) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.store = store;
        this.deadLetters = deadLetters;
        this.announcer = announcer;
        this.traces = traces;
        this.maxRows = maxRows;
    }

    /**
     * Settles whole messages together.
     *
     * @return succeeds when they are stored, with what remains to be done about them: that succeeds when each is acked, or
     *     its generation is over. Either fails when a drain ended the work, with all unacked.
     */
    Future<Future<Void>> process(List<Message> messages) {
        StoreTrace trace = traces.begin(messages, message -> message.delivery().properties());
        List<Message> decoded = new ArrayList<>();
        List<Letter> letters = new ArrayList<>();
        for (Message message : messages) {
            if (message.batch() == null) {
                letters.add(malformed(message));
            } else {
                decoded.add(message);
            }
        }
        StorePlan all = StorePlan.of(decoded.stream().map(Message::batch).toList());
        List<Refused> impossible = new ArrayList<>();
        List<OrderRow> possible = new ArrayList<>();
        for (OrderRow row : all.rows()) {
            if (row.hasPossibleTimes()) {
                possible.add(row);
            } else {
                impossible.add(new Refused(row, new Refusal(Refusal.IMPOSSIBLE_TIME, null, "")));
            }
        }
        Future<List<Refused>> stored = storeAll(new Bisection(new StorePlan(possible), maxRows), trace);
        return stored.onFailure(trace::failed).map(refused -> {
            impossible.addAll(refused);
            report(impossible, trace);
            impossible.forEach(one ->
                    letters.add(new Letter(one.refusal().reason(), "", one.row().encodeAlone())));
            // Both until confirmed: only the unacked delivery makes sure that they are sent.
            return Future.all(deadLetters.publish(letters), announce(decoded, without(possible, refused)))
                    .<Void>mapEmpty()
                    .onFailure(trace::failed)
                    // By itself: whatever becomes of a trace, the messages are acked.
                    .onSuccess(v -> trace.settled())
                    .onSuccess(v -> {
                        CrashPoint.ORDER_ANNOUNCED.reach();
                        Intake.ack(messages);
                    });
        });
    }

    private Future<Void> announce(List<Message> messages, List<OrderRow> stored) {
        Changes.stored(vertx, stored.stream().map(row -> row.lot().saleId()).collect(Collectors.toSet()));
        return announcer.stored(messages.stream().map(Message::batch).toList(), stored);
    }

    private static List<OrderRow> without(List<OrderRow> rows, List<Refused> refused) {
        if (refused.isEmpty()) {
            return rows;
        }
        Set<String> ids = refused.stream().map(one -> one.row().orderId()).collect(Collectors.toSet());
        return rows.stream().filter(row -> !ids.contains(row.orderId())).toList();
    }

    /** From now on nothing is tried twice: what fails stays unacked, for another worker. */
    void drain() {
        draining = true;
        mysql.drain();
    }

    private Future<List<Refused>> storeAll(Bisection pieces, StoreTrace trace) {
        Promise<List<Refused>> settled = Promise.promise();
        storeNext(pieces, trace, new Backoff(5, 200), new Backoff(50, 2_000), settled);
        return settled.future();
    }

    private void storeNext(
            Bisection pieces, StoreTrace trace, Backoff retry, Backoff away, Promise<List<Refused>> settled) {
        StorePlan piece = pieces.current();
        if (piece == null) {
            settled.complete(pieces.refused());
            return;
        }
        mysql.up()
                .compose(v -> store.store(piece, trace))
                .onComplete(
                        outcome -> {
                            retry.reset();
                            away.reset();
                            if (outcome instanceof StoreOutcome.Stored stored) {
                                pieces.stored(stored.unstorable());
                            } else if (outcome instanceof StoreOutcome.Refused refused) {
                                pieces.refused(refused.refusal());
                            }
                            storeNext(pieces, trace, retry, away, settled);
                        },
                        failure -> again(failure, retry, away)
                                .onComplete(v -> storeNext(pieces, trace, retry, away, settled), settled::fail));
    }

    /** When the same rows may be tried again. */
    private Future<?> again(Throwable failure, Backoff retry, Backoff away) {
        if (draining) {
            return Future.failedFuture(failure);
        }
        if (MysqlFailure.of(failure) == MysqlFailure.RETRY) {
            return vertx.timer(retry.nextMs());
        }
        int delay = away.nextMs();
        LOG.warn("orders wait for MySQL: {}; next try in {} ms", failure.getMessage(), delay);
        return vertx.timer(delay);
    }

    private static Letter malformed(Message message) {
        LOG.atWarn()
                .addKeyValue("reason", Refusal.MALFORMED)
                .addKeyValue("bytes", message.delivery().body().length())
                .log("a malformed message is dead-lettered: {}", message.malformed());
        return new Letter(
                Refusal.MALFORMED, message.malformed(), message.delivery().body());
    }

    /** One line per sale and reason, however many orders; it names the first. */
    private static void report(List<Refused> refused, StoreTrace trace) {
        Map<List<String>, List<Refused>> groups = new LinkedHashMap<>();
        for (Refused one : refused) {
            trace.refused(one.row().orderId(), one.refusal().reason());
            groups.computeIfAbsent(
                            List.of(one.refusal().reason(), one.row().lot().saleId()), key -> new ArrayList<>())
                    .add(one);
        }
        groups.values().forEach(group -> {
            Refused first = group.get(0);
            String reason = first.refusal().reason();
            boolean alarm = reason.equals(Refusal.STOCK_EXCEEDED);
            String what = alarm ? "ALARM: the gate let through more than the stock: dead-lettered" : "dead-lettered";
            String detail = first.refusal().detail();
            LoggingEventBuilder line = (alarm ? LOG.atError() : LOG.atWarn())
                    .addKeyValue("orders", group.size())
                    .addKeyValue("reason", reason)
                    .addKeyValue("saleId", first.row().lot().saleId())
                    .addKeyValue("orderId", first.row().orderId());
            trace.identify(line, first.row().orderId()).log(detail.isEmpty() ? what : what + ": " + detail);
        });
    }
}
