package io.seckill.gateway.purchase;

import io.seckill.gateway.GatewayConfig;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.order.OrderJson;
import io.seckill.gateway.order.OrderQueries;
import io.seckill.gateway.order.OrderText;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.gateway.tracing.PurchaseTraces;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveOutcome.Accepted;
import io.seckill.schema.redis.ReserveOutcome.Held;
import io.seckill.schema.redis.ReserveOutcome.Refused;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Step 1 of a purchase: validate, admit, reserve, publish, and map the outcome to an answer. All the branching of a
 * purchase on this side of the broker is here. One instance per event loop, used on that loop only.
 *
 * <p>Roll forward, never back: once Redis took stock, nothing here gives it back. A confirm that does not come in time is
 * answered {@code outcome_unknown}, and the outbox sees to the rest. The next file of the walk is {@link ReserveBatcher}.
 */
public final class PurchaseHandler implements ReserveBatcher.Results {
    // Redis' clock decides the start. Only who is clearly early is sent away from here.
    private static final int EARLY_MARGIN_MS = 50;
    private static final int DEADLINE_SWEEP_MS = 20;
    private static final int MAX_IDLE_BATCHERS = 64;
    // Some seconds of work for one relay: what RabbitMQ does not take must not pile up in Redis.
    private static final int MAX_OVERDUE_LOTS = 1_024;

    private final Context context;
    private final GatewayConfig config;
    private final Authenticator tokens;
    private final Supplier<SaleCatalog> catalog;
    private final RedisLink redis;
    private final SeckillFunctions functions;
    private final OrderPublisher publisher;
    private final OrderQueries orders;
    private final IdempotencyKeys keys;
    private final PurchaseMetrics metrics;
    private final PurchaseTraces traces;
    private final PurchaseBody body;
    private final PromiseDeadline deadline;
    private final AdmissionLimit admission;
    private final OrderText text = new OrderText();

    private final Map<String, ReserveBatcher> batchers = new HashMap<>();
    // In order of arrival; answered ones leave when they come to the head.
    private final ArrayDeque<Purchase> deadlines = new ArrayDeque<>();
    private int inFlight;

    public PurchaseHandler(
            Vertx vertx,
            GatewayConfig config,
            Authenticator tokens,
            Supplier<SaleCatalog> catalog,
            RedisLink redis,
            OrderPublisher publisher,
            OrderQueries orders,
            IdempotencyKeys keys,
            PurchaseMetrics metrics,
            PurchaseTraces traces) {
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.tokens = tokens;
        this.catalog = catalog;
        this.redis = redis;
        this.functions = new SeckillFunctions(redis);
        this.publisher = publisher;
        this.orders = orders;
        this.keys = keys;
        this.metrics = metrics;
        this.traces = traces;
        this.body = new PurchaseBody(config.maxBodyBytes());
        this.deadline = new PromiseDeadline(config.purchaseDeadlineMs());
        this.admission = new AdmissionLimit(config.maxInFlight(), config.purchaseDeadlineMs() / 2, System.nanoTime());
        vertx.setPeriodic(DEADLINE_SWEEP_MS, id -> expire());
    }

    /** Purchases that got no answer yet. */
    public int inFlight() {
        return inFlight;
    }

    /** How many of them are let in at present. */
    public int limit() {
        return admission.limit();
    }

    /** {@code POST /api/v1/sales/{saleId}/orders} */
    public void handle(HttpServerRequest request, String saleId) {
        // Before anything that costs: in a storm most requests end here.
        if (!admission.hasRoom(inFlight, System.nanoTime())) {
            refuse(request.response(), Problem.OVERLOADED);
            return;
        }
        tokens.identify(
                request, buyer -> handle(request, saleId, buyer), problem -> refuse(request.response(), problem));
    }

    private void handle(HttpServerRequest request, String saleId, Identity buyer) {
        SaleView sale = catalog.get().sale(saleId);
        if (sale == null) {
            refuse(request.response(), Problem.NOT_FOUND);
            return;
        }
        body.quantity(
                request,
                quantity -> admit(request, sale, buyer, quantity),
                problem -> refuse(request.response(), problem));
    }

    private void admit(HttpServerRequest request, SaleView sale, Identity buyer, int quantity) {
        String key = request.getHeader(IdempotencyKeys.HEADER);
        Problem problem = key != null && !IdempotencyKeys.isKey(key)
                ? IdempotencyKeys.INVALID
                : localRefusal(sale, buyer.userId());
        if (problem == null && !canServe(sale)) {
            problem = Problem.OVERLOADED;
        }
        if (problem != null) {
            refuse(request.response(), problem);
            return;
        }
        Purchase purchase = new Purchase(
                sale,
                buyer.userId(),
                quantity,
                key,
                System.nanoTime(),
                request.response(),
                traces.begin(request, sale.saleId()));
        inFlight++;
        remember(purchase);
        if (key == null) {
            batcher(sale.saleId()).offer(purchase);
        } else {
            claim(purchase);
        }
    }

    // A key that bought an order buys no other, whatever became of that one.
    private void claim(Purchase purchase) {
        keys.claim(purchase.userId(), purchase.key(), purchase.use())
                .onComplete(
                        claim -> {
                            if (claim.use() == IdempotencyKeys.Use.OTHER) {
                                answer(purchase, IdempotencyKeys.REUSED);
                            } else if (claim.attempt() > 0) {
                                purchase.attempt(claim.attempt());
                                tellAgain(purchase);
                            } else if (!purchase.isAnswered()) {
                                batcher(purchase.saleId()).offer(purchase);
                            }
                        },
                        failure -> refused(purchase));
    }

    // As the order is by now, since it may have ended meanwhile.
    private void tellAgain(Purchase purchase) {
        purchase.fromLedger();
        orders.find(purchase.userId(), purchase.orderId().toString())
                .onComplete(
                        order -> {
                            if (order != null) {
                                accept(purchase, order, true);
                            } else {
                                refused(purchase);
                            }
                        },
                        failure -> refused(purchase));
    }

    // What is certain without Redis. An active order is to be told again, so only who can have none is sent away.
    private Problem localRefusal(SaleView sale, String userId) {
        long now = catalog.get().nowMs();
        if (now < sale.row().startsMs() - EARLY_MARGIN_MS) {
            return notStarted(sale);
        } else if (sale.isRecovering()) {
            return sale.isOver(now) ? Problem.SALE_ENDED : Problem.RECOVERING;
        } else if (sale.isSoldOutFor(userId)) {
            return sale.isOver(now) ? Problem.SALE_ENDED : Problem.SOLD_OUT;
        }
        return null;
    }

    // One that waits long at the head must not keep all those answered behind it.
    private void remember(Purchase purchase) {
        if (deadlines.size() >= 2 * config.maxInFlight()) {
            deadlines.removeIf(Purchase::isAnswered);
        }
        deadlines.add(purchase);
    }

    // Shed before Redis: nothing is taken that could not be promised. Asked again here, since a body takes its time.
    private boolean canServe(SaleView sale) {
        return inFlight < admission.limit()
                && redis.isUp()
                && publisher.isReady()
                && (sale.status() == null || sale.status().overdue() < MAX_OVERDUE_LOTS);
    }

    private ReserveBatcher batcher(String saleId) {
        ReserveBatcher batcher = batchers.get(saleId);
        if (batcher == null) {
            if (batchers.size() >= MAX_IDLE_BATCHERS) {
                batchers.values().removeIf(ReserveBatcher::isIdle);
            }
            batcher = new ReserveBatcher(
                    task -> context.runOnContext(v -> task.run()),
                    functions::reserve,
                    () -> catalog.get().sale(saleId),
                    config.outboxLeaseMs(),
                    config.batchMaxOrders(),
                    this);
            batchers.put(saleId, batcher);
        }
        return batcher;
    }

    @Override
    public Future<Void> accepted(Lot lot, List<Purchase> purchases, long askedNanos) {
        CrashPoint.PURCHASE_RESERVED.reach();
        return publisher.publish(lot, traces.in(lot, purchases), askedNanos);
    }

    @Override
    public boolean isWorthAsking(Purchase purchase) {
        return 2 * (System.nanoTime() - purchase.startedNanos()) < deadline.nanos();
    }

    @Override
    public void decided(Purchase purchase, ReserveOutcome outcome, Lot lot, Future<Void> confirm) {
        if (outcome instanceof Accepted accepted) {
            purchase.reserved(accepted.attempt());
            confirm.onComplete(done -> confirmed(purchase, done.succeeded(), lot, false));
        } else if (outcome instanceof Held held) {
            again(purchase, held);
        } else {
            answer(purchase, problem(purchase, (Refused) outcome));
        }
    }

    // A returning buyer gets the same promise, and no earlier than it can be kept.
    private void again(Purchase purchase, Held held) {
        purchase.reserved(held.attempt());
        if (held.quantity() != purchase.quantity()) {
            answer(purchase, Problem.alreadyPurchased(purchase.orderId().toString()));
            return;
        }
        Lot alone = new Lot(
                purchase.saleId(),
                held.epoch(),
                held.seq(),
                held.createdAtMs(),
                purchase.sale().row().paymentWindowSeconds(),
                List.of(new OrderLine(purchase.userId(), held.quantity(), held.attempt())));
        Future<Void> confirm = held.unconfirmed() ? publisher.publishAgain(alone) : Future.succeededFuture();
        confirm.onComplete(done -> {
            if (done.succeeded()
                    && alone.payBy().toEpochMilli() <= catalog.get().nowMs()) {
                tellAgainIfActive(purchase);
            } else {
                confirmed(purchase, done.succeeded(), alone, true);
            }
        });
    }

    // Past its payment window the order may have ended already, with its units on their way back to Redis.
    private void tellAgainIfActive(Purchase purchase) {
        purchase.fromLedger();
        orders.find(purchase.userId(), purchase.orderId().toString())
                .onComplete(
                        order -> {
                            if (order != null && order.isActive()) {
                                accept(purchase, order, true);
                            } else {
                                refused(purchase);
                            }
                        },
                        failure -> refused(purchase));
    }

    private void confirmed(Purchase purchase, boolean known, Lot lot, boolean replayed) {
        String orderId = purchase.orderId().toString();
        if (!known) {
            answer(purchase, Problem.outcomeUnknown(orderId));
            return;
        }
        CrashPoint.PURCHASE_CONFIRMED.reach();
        OrderJson order = OrderJson.queued(orderId, purchase.userId(), purchase.quantity(), lot);
        if (purchase.key() == null) {
            accept(purchase, order, replayed);
        } else {
            // Whether or not this is written: the order is promised. Without it a retry finds the order as a retry
            // does.
            keys.bought(purchase.userId(), purchase.key(), purchase.use(), purchase.attempt())
                    .onComplete(done -> accept(purchase, order, replayed));
        }
    }

    // The only place where a promise is made.
    private void accept(Purchase purchase, OrderJson order, boolean replayed) {
        long now = System.nanoTime();
        if (deadline.hasPassed(purchase.startedNanos(), now)) {
            answerUnknown(purchase);
        } else if (finish(purchase)) {
            metrics.accepted(replayed, now - purchase.startedNanos());
            purchase.trace().accepted(purchase, replayed);
            order.accept(purchase.response(), replayed, text).onSuccess(v -> CrashPoint.PURCHASE_ANSWERED.reach());
        }
    }

    @Override
    public void closed(Purchase purchase, ReserveReply.Closed why) {
        boolean over = purchase.sale().isOver(catalog.get().nowMs());
        answer(purchase, over ? Problem.SALE_ENDED : Problem.RECOVERING);
    }

    @Override
    public void refused(Purchase purchase) {
        answer(purchase, Problem.OVERLOADED);
    }

    @Override
    public void unknown(Purchase purchase) {
        if (purchase.step() == Purchase.Step.RESERVED || !mayHaveOrderedBefore(purchase)) {
            answerUnknown(purchase);
            return;
        }
        // Which order it would be, MySQL knows rather than nobody.
        orders.attempt(purchase.userId(), purchase.saleId())
                .onSuccess(purchase::attempt)
                .onComplete(done -> answerUnknown(purchase));
    }

    private void answerUnknown(Purchase purchase) {
        answer(purchase, Problem.outcomeUnknown(purchase.orderId().toString()));
    }

    // As long as nothing of a sale was ever given back, nobody has a second order in it.
    private boolean mayHaveOrderedBefore(Purchase purchase) {
        SaleView sale = catalog.get().sale(purchase.saleId());
        return sale == null || sale.status() == null || sale.status().releases() > 0;
    }

    @Override
    public void called(List<Purchase> purchases, long askedNanos) {
        metrics.reserveCall(purchases.size(), System.nanoTime() - askedNanos);
        traces.reserved(purchases, askedNanos);
    }

    private void expire() {
        long now = System.nanoTime();
        while (!deadlines.isEmpty()) {
            Purchase oldest = deadlines.peek();
            if (!oldest.isAnswered() && !deadline.hasPassed(oldest.startedNanos(), now)) {
                return;
            }
            deadlines.poll();
            switch (oldest.step()) {
                case WAITING -> refused(oldest);
                case ASKED, RESERVED -> unknown(oldest);
                case ANSWERED -> {}
            }
        }
    }

    private Problem problem(Purchase purchase, Refused refused) {
        return switch (refused) {
            case NOT_STARTED -> notStarted(purchase.sale());
            case ENDED -> Problem.SALE_ENDED;
            case PAUSED -> Problem.SALE_PAUSED;
            case LIMIT_EXCEEDED -> Problem.LIMIT_EXCEEDED;
            case SOLD_OUT -> Problem.SOLD_OUT;
        };
    }

    private static Problem notStarted(SaleView sale) {
        return Problem.notStarted(Instant.ofEpochMilli(sale.row().startsMs()).toString());
    }

    private void answer(Purchase purchase, Problem problem) {
        if (finish(purchase)) {
            purchase.trace().refused(purchase, problem);
            refuse(purchase.response(), problem);
        }
    }

    private boolean finish(Purchase purchase) {
        boolean first = purchase.answer();
        if (first) {
            inFlight--;
            learn(purchase);
        }
        return first;
    }

    // From what Redis and RabbitMQ did; how slow MySQL is says nothing of them.
    private void learn(Purchase purchase) {
        if (!purchase.isFromLedger()) {
            long now = System.nanoTime();
            admission.answered(now - purchase.startedNanos(), now);
        }
    }

    private void refuse(HttpServerResponse response, Problem problem) {
        metrics.refused(problem.code());
        problem.send(response);
    }
}
