package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.redis.RedisLink.RedisUnavailable;
import io.seckill.schema.testing.Await;
import io.seckill.schema.testing.TcpProxy;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No call hangs, whatever becomes of the connection, and the next connection comes by itself. */
class RedisLinkIT {
    private final Vertx vertx = Vertx.vertx();
    private TcpProxy proxy;
    private RedisLink link;

    @BeforeEach
    void connect() throws IOException {
        ServerSettings servers = TestServers.servers(TestServers.environment());
        URI direct = URI.create(servers.redisUri());
        proxy = new TcpProxy(direct.getHost(), direct.getPort());
        String user = direct.getRawUserInfo() == null ? "" : direct.getRawUserInfo() + "@";
        link = new RedisLink(
                        vertx,
                        "redis://" + user + "127.0.0.1:" + proxy.port(),
                        "test",
                        300,
                        c -> Future.succeededFuture())
                .open();
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

        calls.forEach(Await::failure);
        Await.until("connected again", link::isUp);
        assertEquals("PONG", Await.result(ping()).toString());
    }

    @Test
    void shouldGiveAHangingConnectionUpAfterTheDeadline() {
        proxy.swallowReplies();

        Await.failure(ping());
        Await.until("connected again", link::isUp);
        assertEquals("PONG", Await.result(ping()).toString());
    }

    @Test
    void shouldFailAtOnceWhileRedisIsAway() {
        proxy.refuse(true);
        Await.until("the loss is noticed", () -> !link.isUp());

        assertInstanceOf(RedisUnavailable.class, Await.failure(ping()));
        proxy.refuse(false);
        Await.until("connected again", link::isUp);
    }

    private Future<Response> ping() {
        return link.send(Request.cmd(Command.PING));
    }
}
