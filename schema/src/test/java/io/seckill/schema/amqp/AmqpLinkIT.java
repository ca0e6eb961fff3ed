package io.seckill.schema.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.seckill.schema.config.ServerAddress;
import io.seckill.schema.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One generation after another, for as long as the process lives. */
class AmqpLinkIT {
    private AmqpFixture broker;

    @BeforeEach
    void connect() throws IOException {
        broker = new AmqpFixture();
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void shouldComeBackByItself() {
        AmqpLink link = open(generation -> Future.succeededFuture());
        Await.until("connected", link::isUp);
        AmqpGeneration first = link.current();
        broker.proxy.cut();
        Await.until("connected again", () -> link.isUp() && link.current() != first);
        broker.proxy.refuse(true);
        Await.until("the loss is noticed", () -> !link.isUp());
        broker.proxy.refuse(false);
        Await.until("connected once more", link::isUp);
        assertNotNull(first.ended().result());
        Await.result(broker.publish(link.current(), "m"));
        broker.on(link::close);
    }

    @Test
    void shouldComeBackFromABlackHole() {
        AmqpLink link = open(generation -> Future.succeededFuture());
        Await.until("connected", link::isUp);
        AmqpGeneration first = link.current();
        broker.proxy.pause(true);
        Await.failure(broker.publish(first, "m"));
        Await.until("the loss is noticed", () -> !link.isUp());
        broker.proxy.pause(false);
        Await.until("connected again", link::isUp);
        Await.result(broker.publish(link.current(), "m"));
        broker.on(link::close);
    }

    @Test
    void shouldTryAgainWhenTheCheckOfANewGenerationFails() {
        AtomicInteger checks = new AtomicInteger();
        AmqpLink link = open(generation ->
                checks.incrementAndGet() < 3 ? Future.failedFuture("the queue is missing") : Future.succeededFuture());
        Await.until("connected", link::isUp);
        assertEquals(3, checks.get());
        broker.on(link::close);
    }

    @Test
    void shouldTryAgainWhenTheConnectionEndsUnderTheCheck() {
        AtomicInteger checks = new AtomicInteger();
        AmqpLink link = open(
                generation -> checks.incrementAndGet() == 1 ? Promise.promise().future() : Future.succeededFuture());
        Await.until("the first check hangs", () -> checks.get() == 1);
        broker.proxy.cut();
        Await.until("connected", link::isUp);
        broker.on(link::close);
    }

    @Test
    void shouldStayClosed() {
        AtomicInteger checks = new AtomicInteger();
        AmqpLink link = open(generation -> {
            checks.incrementAndGet();
            return Future.succeededFuture();
        });
        Await.until("connected", link::isUp);
        AmqpGeneration last = link.current();
        broker.on(link::close);
        Await.result(last.ended());
        assertNull(link.current());
        assertEquals(1, checks.get());
    }

    private AmqpLink open(Function<AmqpGeneration, Future<?>> onOpen) {
        return broker.get(() -> new AmqpLink(
                        broker.vertx, ServerAddress.plain(broker.uri), "test", AmqpFixture.CONFIRM_TIMEOUT_MS, onOpen)
                .open());
    }
}
