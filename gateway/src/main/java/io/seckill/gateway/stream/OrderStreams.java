package io.seckill.gateway.stream;

import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.order.OrderJson;
import io.seckill.gateway.order.OrderQueries;
import io.seckill.schema.order.OrderChanges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/v1/orders/{orderId}/events}: the states of an order, to its user. Workers and gateways say, through Redis,
 * of which sales orders changed; the watched ones of these are then looked up together, and all that have not ended every
 * two seconds anyway. An event is the whole order, so the one on connect makes up for whatever a client missed. One per
 * event loop.
 */
public final class OrderStreams {
    /** Local event bus address of the hints: sale ids, as {@link OrderChanges} writes them. */
    public static final String HINTS = "seckill.order-changes";

    private static final Logger LOG = LoggerFactory.getLogger(OrderStreams.class);
    private static final int ROUND_MS = 100;
    private static final int LOOK_AT_ALL_EVERY_ROUNDS = 20;
    private static final int MAX_IDS = 500;
    private static final int MAX_PER_USER = 16;

    private final Authenticator tokens;
    private final OrderQueries orders;
    private final StreamLimits limits;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, Integer> openOf = new HashMap<>();
    private final Set<String> hinted = new HashSet<>();
    private Future<?> looking = Future.succeededFuture();
    private int rounds;
    private boolean draining;

    public OrderStreams(Vertx vertx, Authenticator tokens, OrderQueries orders, StreamLimits limits) {
        this.tokens = tokens;
        this.orders = orders;
        this.limits = limits;
        vertx.eventBus().<String>localConsumer(HINTS, message -> {
            if (!topics.isEmpty()) {
                hinted.addAll(OrderChanges.saleIds(message.body()));
            }
        });
        vertx.setPeriodic(ROUND_MS, id -> round());
    }

    public void mount(Router router) {
        router.get("/api/v1/orders/:orderId/events").handler(this::open);
    }

    /** Ends all streams cleanly, now. */
    public void drain() {
        draining = true;
        List.copyOf(topics.values()).forEach(topic -> topic.watchers.end());
    }

    /** One order that is watched. */
    private static final class Topic {
        final Watchers watchers;
        OrderJson order;

        Topic(StreamLimits limits, OrderJson order) {
            watchers = new Watchers(limits);
            show(order);
        }

        void show(OrderJson newer) {
            order = newer;
            watchers.show(EventStream.event("order", newer.state(), newer.json().toBuffer()), true);
        }

        /** Nothing more will happen to it. */
        boolean isFinal() {
            return !order.state().equals(OrderJson.QUEUED) && !order.state().equals(OrderJson.PENDING_PAYMENT);
        }
    }

    private void open(RoutingContext context) {
        tokens.identify(context.request(), user -> open(context, user), problem -> problem.send(context.response()));
    }

    private void open(RoutingContext context, Identity user) {
        String orderId = context.pathParam("orderId");
        if (!isOrderId(orderId)) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        Problem full = enter(user.userId());
        if (full != null) {
            full.send(context.response());
            return;
        }
        context.addEndHandler(ended -> leave(user.userId()));
        orders.find(user.userId(), orderId)
                .onSuccess(order -> {
                    if (order == null) {
                        Problem.NOT_FOUND.send(context.response());
                    } else if (!context.response().closed()) {
                        watch(context, order);
                    }
                })
                .onFailure(e -> Problem.OVERLOADED.send(context.response()));
    }

    private Problem enter(String userId) {
        if (openOf.getOrDefault(userId, 0) >= MAX_PER_USER) {
            limits.refuse();
            return Problem.RATE_LIMITED;
        } else if (draining || !limits.enter()) {
            return Problem.OVERLOADED;
        }
        openOf.merge(userId, 1, Integer::sum);
        return null;
    }

    private void leave(String userId) {
        limits.leave();
        openOf.computeIfPresent(userId, (user, open) -> open == 1 ? null : open - 1);
    }

    private void watch(RoutingContext context, OrderJson order) {
        if (draining) {
            Problem.OVERLOADED.send(context.response());
            return;
        }
        Topic topic = topics.computeIfAbsent(order.id(), id -> new Topic(limits, order));
        update(topic, order.state());
        topic.watchers.join(context, () -> topics.remove(order.id(), topic));
    }

    private void round() {
        rounds++;
        topics.values().forEach(topic -> topic.watchers.tell(Integer.MAX_VALUE));
        boolean all = rounds % LOOK_AT_ALL_EVERY_ROUNDS == 0;
        if (!looking.isComplete() || (!all && hinted.isEmpty())) {
            return;
        }
        List<String> ids = new ArrayList<>();
        for (Topic topic : topics.values()) {
            if (!topic.isFinal() && (all || hinted.contains(topic.order.saleId()))) {
                ids.add(topic.order.id());
            }
        }
        hinted.clear();
        looking = look(ids, 0).onFailure(e -> LOG.debug("{} watched orders: {}", ids.size(), e.getMessage()));
    }

    private Future<Void> look(List<String> ids, int from) {
        if (from >= ids.size()) {
            return Future.succeededFuture();
        }
        return orders.states(ids.subList(from, Math.min(ids.size(), from + MAX_IDS)))
                .compose(states -> {
                    states.forEach((id, state) -> {
                        Topic topic = topics.get(id);
                        if (topic != null) {
                            update(topic, state);
                            topic.watchers.tell(Integer.MAX_VALUE);
                        }
                    });
                    return look(ids, from + MAX_IDS);
                });
    }

    // A look may be overtaken by a later one: an order never goes back to a state before.
    private static void update(Topic topic, String state) {
        if (!topic.isFinal() && !topic.order.state().equals(state) && !state.equals(OrderJson.QUEUED)) {
            topic.show(topic.order.as(state));
        }
    }

    private static boolean isOrderId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
