package io.seckill.loadtest.simulation.world;

import io.seckill.gateway.payment.PaymentSignature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Shoppers: they buy on any gateway, ask again when they do not know, and pay, cancel, or let their orders expire. */
final class Crowd {
    private static final long MS = 1_000_000L;
    private static final int PATIENCE_MS = 6_000;
    private static final int MAX_TRIES = 30;

    private final World world;
    private final Chance chance;
    private final PaymentSignature signature = PaymentSignature.parse(Fleet.PAYMENT_SECRET);
    private final List<Shopper> shoppers = new ArrayList<>();
    private int underWay;

    Crowd(World world) {
        this.world = world;
        this.chance = world.chance();
    }

    /** So many come within a time. */
    void come(int many, long withinMs) {
        for (int i = 0; i < many; i++) {
            Shopper shopper = new Shopper("user-" + shoppers.size(), false);
            shoppers.add(shopper);
            later(chance.upTo(withinMs), shopper::buy);
        }
    }

    /** Someone who buys one unit and keeps the order. */
    Shopper buyToKeep(String user) {
        Shopper shopper = new Shopper(user, true);
        shopper.buy();
        return shopper;
    }

    /** Nobody wants anything more, and no request is under way. */
    boolean isDone() {
        return underWay == 0 && shoppers.stream().allMatch(Shopper::isDone);
    }

    private void later(long ms, Runnable action) {
        world.scheduler().in(ms * MS, null, this, action);
    }

    /** Sends a request to some gateway; null as its answer means that none came. */
    private void send(
            String user, String path, Map<String, String> headers, Buffer body, Consumer<VirtualHttp.Answer> then) {
        Fleet.Place place = chance.of(world.fleet().gateways());
        ProcessLife process = place.process();
        boolean[] heard = {false};
        underWay++;
        Consumer<VirtualHttp.Answer> once = answer -> {
            if (!heard[0]) {
                heard[0] = true;
                underWay--;
                then.accept(answer);
            }
        };
        later(PATIENCE_MS, () -> once.accept(null));
        process.atDeath(() -> world.scheduler().in(world.latency(), null, this, () -> once.accept(null)));
        world.scheduler().in(world.latency(), process, new Object(), () -> {
            VirtualHttp.Server shop = place.shop();
            if (shop == null) {
                world.scheduler().in(world.latency(), null, this, () -> once.accept(null));
                return;
            }
            shop.handle(VirtualHttp.request(world, process, HttpMethod.POST, path, headers, body, answer -> {
                world.trace(process + " answers " + user + " " + path + ": " + answer.status() + " " + answer.body());
                boolean dead = !process.isAlive();
                world.scheduler().in(world.latency(), null, this, () -> {
                    if (!dead) {
                        once.accept(answer);
                    }
                });
            }));
        });
    }

    /** One person and her orders, one after the other. */
    final class Shopper {
        private final String user;
        private final boolean keeps;
        private final int quantity;
        private int tries;
        private int wishes;
        private boolean done;
        private boolean hasOrder;

        Shopper(String user, boolean keeps) {
            this.user = user;
            this.keeps = keeps;
            this.quantity = keeps || chance.perMille(850) ? 1 : 2;
            this.wishes = keeps ? 1 : 1 + chance.below(3);
        }

        boolean isDone() {
            return done;
        }

        boolean hasOrder() {
            return hasOrder;
        }

        void buy() {
            if (tries++ > MAX_TRIES) {
                done = true;
                return;
            }
            world.promises().asked(user, quantity);
            Buffer body = quantity == 1
                    ? null
                    : new JsonObject().put("quantity", quantity).toBuffer();
            if (!keeps && chance.perMille(150)) {
                // Pressed twice.
                post("/api/v1/sales/" + World.SALE + "/orders", body, answer -> note(answer));
            }
            post("/api/v1/sales/" + World.SALE + "/orders", body, this::bought);
        }

        private void post(String path, Buffer body, Consumer<VirtualHttp.Answer> then) {
            send(user, path, Map.of("authorization", "Bearer " + user), body, then);
        }

        private String note(VirtualHttp.Answer answer) {
            if (answer == null || answer.status() != 202) {
                return null;
            }
            JsonObject order = new JsonObject(answer.body());
            world.promises().promised(user, order.getString("id"), order.getInteger("quantity"));
            return order.getString("id");
        }

        private void bought(VirtualHttp.Answer answer) {
            String orderId = note(answer);
            if (orderId != null) {
                hasOrder = true;
                next(orderId);
            } else if (answer == null || answer.status() >= 500) {
                if (answer != null && answer.status() == 500) {
                    world.fail("a gateway answered 500");
                }
                if (!keeps && world.troubles().areOn() && chance.perMille(150)) {
                    // Gives up, and never learns what became of it. Later all have to be served.
                    done = true;
                    return;
                }
                later(300 + chance.upTo(1_500), this::buy);
            } else if (keeps || --wishes <= 0) {
                done = true;
            } else {
                later(500 + chance.upTo(3_000), this::buy);
            }
        }

        private void next(String orderId) {
            if (keeps) {
                done = true;
                return;
            }
            int choice = chance.below(10);
            if (choice < 2) {
                later(chance.upTo(1_500), this::buy);
            } else if (choice < 5) {
                later(chance.upTo(3_000), () -> cancel(orderId));
            } else if (choice < 7) {
                later(chance.upTo(Promises.WINDOW_S * 1_000 + 500), () -> pay(orderId, 0));
            } else {
                again(Promises.WINDOW_S * 1_000);
            }
        }

        private void again(long afterMs) {
            if (--wishes <= 0) {
                done = true;
            } else {
                later(afterMs + chance.upTo(2_000), this::buy);
            }
        }

        private void cancel(String orderId) {
            post("/api/v1/orders/" + orderId + "/cancel", null, answer -> {
                if ((answer == null || answer.status() >= 500) && tries++ < MAX_TRIES) {
                    later(200 + chance.upTo(1_000), () -> cancel(orderId));
                } else {
                    again(0);
                }
            });
        }

        private void pay(String orderId, int sent) {
            Buffer event = new JsonObject()
                    .put("id", "event-" + orderId)
                    .put("type", "payment.succeeded")
                    .put("occurredAt", Instant.ofEpochMilli(world.serverMs()).toString())
                    .put(
                            "payment",
                            new JsonObject()
                                    .put("id", "payment-" + orderId)
                                    .put("orderId", orderId)
                                    .put("amount", Promises.PRICE * quantity)
                                    .put("currency", "CNY"))
                    .toBuffer();
            Map<String, String> headers = Map.of(
                    PaymentSignature.HEADER.toLowerCase(java.util.Locale.ROOT),
                    signature.sign(world.serverMs(), event));
            send(user, "/api/v1/payments/events", headers, event, answer -> {
                boolean unknown = answer == null || answer.status() >= 500;
                if ((unknown && tries++ < MAX_TRIES) || (!unknown && sent == 0 && chance.perMille(200))) {
                    later(200 + chance.upTo(1_000), () -> pay(orderId, unknown ? sent : sent + 1));
                } else if (unknown) {
                    done = true;
                } else {
                    again(200);
                }
            });
        }
    }
}
