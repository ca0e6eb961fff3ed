package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.redis.RedisLink.RedisUnavailable;
import io.seckill.schema.testing.Await;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No call hangs, whatever becomes of the connection, and the next connection comes by itself. */
class RedisLinkIT {
    private static final int TIMEOUT_MS = 300;

    private final Vertx vertx = Vertx.vertx();
    private TcpProxy proxy;
    private RedisLink link;

    @BeforeEach
    void connect() throws IOException {
        ServerSettings servers = TestServers.servers(TestServers.environment());
        URI direct = URI.create(servers.redis().uri());
        proxy = new TcpProxy(direct.getHost(), direct.getPort());
        link = link(direct, c -> Future.succeededFuture()).open();
        Await.until("connected", link::isUp);
    }

    @AfterEach
    void close() throws IOException {
        Await.result(link.close());
        proxy.close();
        Await.result(vertx.close());
    }

    @Test
    void shouldFailEveryCallInFlightWhenTheConnectionIsCut() {
        proxy.swallowReplies();
        List<Future<Response>> calls = Stream.generate(this::ping).limit(20).toList();
        proxy.cut();

        calls.forEach(RedisLinkIT::assertUnknown);
        assertComesBack();
    }

    @Test
    void shouldGiveAHangingConnectionUpAfterTheDeadline() {
        proxy.swallowReplies();

        assertUnknown(ping());
        assertComesBack();
    }

    @Test
    void shouldFailWithinTheDeadlineInABlackHoleAndComeBackAfterIt() {
        proxy.pause(true);
        long started = System.nanoTime();
        List<Future<Response>> calls = Stream.generate(this::ping).limit(20).toList();
        calls.forEach(RedisLinkIT::assertUnknown);
        long tookMs = (System.nanoTime() - started) / 1_000_000;
        assertTrue(tookMs >= TIMEOUT_MS - 50 && tookMs < TIMEOUT_MS + 2_000, tookMs + " ms");

        // Not known to be up again before Redis answers, and calls fail at once until then.
        assertFalse(link.isUp());
        assertInstanceOf(RedisUnavailable.class, Await.failure(ping()));
        proxy.pause(false);
        assertComesBack();
    }

    @Test
    void shouldFailAtOnceWhileRedisIsAway() {
        proxy.refuse(true);
        Await.until("the loss is noticed", () -> !link.isUp());

        assertInstanceOf(RedisUnavailable.class, Await.failure(ping()));
        proxy.refuse(false);
        assertComesBack();
    }

    @Test
    void shouldNoticeASilentEndWhereItOnlyListens() {
        Await.result(link.close());
        link = link(direct(), c -> Future.succeededFuture())
                .pushHandler(message -> {})
                .open();
        Await.until("connected", link::isUp);
        proxy.swallowReplies();

        Await.until("the silence is noticed", () -> !link.isUp());
        assertComesBack();
    }

    @Test
    void shouldSurviveManyCuts() {
        for (int i = 0; i < 10; i++) {
            Future<Response> call = ping();
            proxy.cut();
            Await.result(call.otherwiseEmpty());
            assertComesBack();
        }
    }

    @Test
    void shouldConnectAgainUntilTheCheckOfANewConnectionSucceeds() {
        AtomicInteger checks = new AtomicInteger();
        RedisLink strict = link(direct(), c -> switch (checks.incrementAndGet()) {
            case 1 -> Future.failedFuture("the library is missing");
            case 2 -> Promise.promise().future();
            default -> Future.succeededFuture();
        });
        strict.open();
        Await.until("up after a check that failed and one that hung", strict::isUp);
        assertEquals(3, checks.get());
        Await.result(strict.close());
        assertInstanceOf(RedisUnavailable.class, Await.failure(strict.send(Request.cmd(Command.PING))));
    }

    private static URI direct() {
        return URI.create(TestServers.servers(TestServers.environment()).redis().uri());
    }

    private RedisLink link(URI direct, Function<RedisConnection, Future<?>> onOpen) {
        String user = direct.getRawUserInfo() == null ? "" : direct.getRawUserInfo() + "@";
        return new RedisLink(
                vertx, RedisAddress.plain("redis://" + user + "127.0.0.1:" + proxy.port()), "test", TIMEOUT_MS, onOpen);
    }

    /** What was sent may have been done: to fail as if it had not been would be a lie. */
    private static void assertUnknown(Future<Response> call) {
        Throwable failure = Await.failure(call);
        assertFalse(failure instanceof RedisUnavailable, () -> "says that nothing was sent: " + failure);
    }

    private void assertComesBack() {
        Await.until("Redis answers again", () -> "PONG".equals(String.valueOf(Await.result(ping().otherwiseEmpty()))));
    }

    private Future<Response> ping() {
        return link.send(Request.cmd(Command.PING));
    }
}
