package io.seckill.schema.amqp;

import com.rabbitmq.client.Channel;
import io.seckill.schema.config.ServerAddress;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.testing.Await;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;

/** A proxy before the test run's RabbitMQ, a queue of one test's own, and the context that all its generations belong to. */
final class AmqpFixture implements AutoCloseable {
    static final int CONFIRM_TIMEOUT_MS = 500;

    final Vertx vertx = Vertx.vertx();
    final ServerSettings servers = TestServers.servers(TestServers.environment());
    final String queue = servers.amqpPrefix() + ".q";
    final TcpProxy proxy;
    /** By way of the proxy. */
    final String uri;

    private final Context context = vertx.getOrCreateContext();

    AmqpFixture() throws IOException {
        URI direct = URI.create(servers.amqp().uri());
        proxy = new TcpProxy(direct.getHost(), direct.getPort());
        String path = direct.getRawPath() == null ? "" : direct.getRawPath();
        uri = "amqp://" + direct.getRawUserInfo() + "@127.0.0.1:" + proxy.port() + path;
        onBroker(channel -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum")));
    }

    /** Through the proxy. */
    AmqpGeneration open() {
        return openAt(uri);
    }

    Future<Void> publish(AmqpGeneration generation, String text) {
        return publishTo(generation, "", queue, text);
    }

    Future<Void> publishTo(AmqpGeneration generation, String exchange, String key, String text) {
        return on(() -> generation.publish(exchange, key, Topology.orderBatchProperties(), Buffer.buffer(text)));
    }

    /** Past the proxy, on a connection of its own. */
    <T> T onBroker(AmqpGeneration.ChannelTask<T> task) {
        AmqpGeneration generation = openAt(servers.amqp().uri());
        return Await.result(on(() -> generation.onChannel(task).eventually(generation::close)));
    }

    /** Why the task failed, past the proxy, on a connection of its own. */
    Throwable failureOnBroker(AmqpGeneration.ChannelTask<?> task) {
        AmqpGeneration generation = openAt(servers.amqp().uri());
        return Await.failure(on(() -> generation.onChannel(task).eventually(generation::close)));
    }

    int messages() {
        return messages(queue);
    }

    int messages(String name) {
        return onBroker((Channel channel) -> (int) channel.messageCount(name));
    }

    <T> Future<T> on(Callable<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> {
            try {
                call.call().onComplete(promise);
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    <T> T get(Callable<T> call) {
        return Await.result(on(() -> Future.succeededFuture(call.call())));
    }

    void run(Runnable task) {
        get(() -> {
            task.run();
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        onBroker(channel -> channel.queueDelete(queue));
        proxy.close();
        Await.result(vertx.close());
    }

    private AmqpGeneration openAt(String at) {
        return Await.result(on(() -> AmqpGeneration.open(vertx, ServerAddress.plain(at), "test", CONFIRM_TIMEOUT_MS)));
    }
}
