package io.seckill.gateway.purchase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.gateway.Await;
import io.seckill.gateway.GatewayFixture;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.gateway.tracing.PurchaseTrace;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes together: to Redis while a call is in flight, to RabbitMQ while a confirm is awaited. */
class BatchingIT {
    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldSendWhatGathersDuringACallAsTheNext() throws Exception {
        Calls calls = new Calls();
        String saleId = shop.sale(1_000);
        ReserveBatcher batcher = batcher(calls);
        shop.context().runOnContext(first -> {
            offer(batcher, saleId, "a", 3);
            // Two steps on: the first call has left, and no reply can have been read yet.
            shop.context().runOnContext(later -> {
                offer(batcher, saleId, "b", 2);
                offer(batcher, saleId, "c", 3);
            });
        });

        Await.equal(List.of(3, 5), "purchases in each call", () -> List.copyOf(calls.sizes));
        Await.equal(8, "accepted", () -> calls.accepted.size());
    }

    @Test
    void shouldSendNoMoreThanAMessageHoldsAtOnce() throws Exception {
        Calls calls = new Calls();
        String saleId = shop.sale(1_000);
        ReserveBatcher batcher = batcher(calls);
        shop.context().runOnContext(v -> offer(batcher, saleId, "a", 600));

        Await.equal(List.of(256, 256, 88), "purchases in each call", () -> List.copyOf(calls.sizes));
        Await.equal(600, "accepted", () -> calls.accepted.size());
    }

    @Test
    void shouldForgetConfirmedLotsWithoutAnotherPurchase() throws Exception {
        Calls calls = new Calls();
        String saleId = shop.sale(10);
        ReserveBatcher batcher = batcher(calls);
        shop.context().runOnContext(v -> offer(batcher, saleId, "a", 1));

        Await.equal(1, "accepted", () -> calls.accepted.size());
        Await.equal(0, "lots in the outbox", () -> shop.status(saleId).unconfirmed());
    }

    @Test
    void shouldPutWholeLotsIntoOneMessageUpToItsSize() throws Exception {
        shop.take(shop.topology().orderQueue());
        AmqpLink amqp = new AmqpLink(
                shop.vertx(), shop.settings().amqp(), "tests", 5_000, generation -> Future.succeededFuture());
        shop.context().runOnContext(v -> amqp.open());
        Await.until("connected to RabbitMQ", amqp::isUp);
        OrderPublisher publisher = new OrderPublisher(amqp, shop.topology(), 2_000, (orders, nanos) -> {});

        shop.onLoop(() -> {
            List<Future<?>> confirms = new ArrayList<>();
            for (int seq = 1; seq <= 6; seq++) {
                confirms.add(publisher.publish(lot(seq, seq == 6 ? 256 : 100), List.of(), System.nanoTime()));
            }
            assertEquals(6, publisher.unconfirmed());
            return Future.all(confirms);
        });

        List<List<Long>> messages = shop.take(shop.topology().orderQueue()).stream()
                .map(batch -> batch.lots().stream().map(Lot::seq).toList())
                .toList();
        assertEquals(List.of(List.of(1L), List.of(2L, 3L), List.of(4L, 5L), List.of(6L)), messages);
        assertEquals(0, publisher.unconfirmed());
        shop.onLoop(amqp::close);
    }

    private static Lot lot(long seq, int orders) {
        List<OrderLine> lines = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            lines.add(new OrderLine("u" + seq + "-" + i, 1, 1));
        }
        return new Lot("t-batching", 1, seq, 1_000, 900, lines);
    }

    private static ReserveBatcher batcher(Calls calls) throws Exception {
        Promise<RedisLink> link = Promise.promise();
        shop.context()
                .runOnContext(v -> link.complete(shop.redisLink("batching").open()));
        RedisLink redis = Await.result(link.future());
        Await.until("connected to Redis", redis::isUp);
        // The sale left the catalog: what the purchase knew of it must do.
        return new ReserveBatcher(
                task -> shop.context().runOnContext(v -> task.run()),
                new SeckillFunctions(redis)::reserve,
                () -> null,
                60_000,
                OrderBatch.MAX_ORDERS,
                calls);
    }

    private static SaleView view(String saleId) {
        return SaleView.of(
                new SaleRow(saleId, "t", "", "", 990, "CNY", 1_000, 3, 0, 1, 900, 1, 1, SaleRow.Phase.SELLING, false));
    }

    private static void offer(ReserveBatcher batcher, String saleId, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            batcher.offer(new Purchase(view(saleId), prefix + i, 1, null, System.nanoTime(), null, PurchaseTrace.NONE));
        }
    }

    /** Confirms every lot at once and takes notes. */
    private static final class Calls implements ReserveBatcher.Results {
        final ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();

        @Override
        public boolean isWorthAsking(Purchase purchase) {
            return true;
        }

        @Override
        public Future<Void> accepted(Lot lot, List<Purchase> purchases, long askedNanos) {
            return Future.succeededFuture();
        }

        @Override
        public void decided(Purchase purchase, ReserveOutcome outcome, Lot lot, Future<Void> confirm) {
            if (outcome instanceof ReserveOutcome.Accepted) {
                accepted.add(purchase.userId());
            }
        }

        @Override
        public void closed(Purchase purchase, ReserveReply.Closed why) {
            throw new AssertionError(why);
        }

        @Override
        public void refused(Purchase purchase) {
            throw new AssertionError(purchase.userId());
        }

        @Override
        public void unknown(Purchase purchase) {
            throw new AssertionError(purchase.userId());
        }

        @Override
        public void called(List<Purchase> purchases, long askedNanos) {
            if (!purchases.isEmpty()) {
                sizes.add(purchases.size());
            }
        }
    }
}
