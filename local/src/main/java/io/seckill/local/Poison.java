package io.seckill.local;

import io.seckill.loadtest.StackAddress;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.ServerAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A message that is no order batch: a worker has to put it aside for an operator, once. Its methods block. */
final class Poison {
    private static final int CONFIRM_MS = 10_000;
    private static final int PATIENCE_S = 30;
    private static final int LOOK_MS = 100;

    private final String amqpUri;
    private final StackAddress address;
    private final String text = "poison " + UUID.randomUUID();

    Poison(LocalStack stack) {
        amqpUri = stack.addresses().get("SECKILL_AMQP_URI");
        address = StackAddress.from(stack.addresses()::get);
    }

    /** Sends it to the workers, with a confirm. */
    void send() {
        blocking(vertx -> AmqpGeneration.open(vertx, ServerAddress.plain(amqpUri), "poison", CONFIRM_MS)
                .compose(generation -> generation.publish(
                        // As the local stack's workers know it.
                        new Topology("seckill").orderExchange(),
                        Topology.ORDER_BATCH_KEY,
                        Topology.orderBatchProperties(),
                        Buffer.buffer(text))));
    }

    /** Waits until it is a dead letter in MySQL; how many such letters there are. */
    long letters() {
        return blocking(vertx -> MySQLConnection.connect(
                        vertx,
                        new MySQLConnectOptions()
                                .setHost(address.mysqlHost())
                                .setPort(address.mysqlPort())
                                .setUser(address.mysqlUser())
                                .setPassword(address.mysqlPassword())
                                .setDatabase(address.mysqlDatabase()))
                .compose(connection -> count(vertx, connection)));
    }

    private Future<Long> count(Vertx vertx, MySQLConnection connection) {
        return connection
                .preparedQuery("SELECT COUNT(*) FROM dead_letter WHERE payload = ?")
                .execute(Tuple.of(Buffer.buffer(text.getBytes(StandardCharsets.US_ASCII))))
                .map(rows -> rows.iterator().next().getLong(0))
                .compose(letters -> letters > 0
                        ? Future.succeededFuture(letters)
                        : vertx.timer(LOOK_MS, TimeUnit.MILLISECONDS).compose(v -> count(vertx, connection)));
    }

    private interface Work<T> {
        Future<T> on(Vertx vertx);
    }

    private static <T> T blocking(Work<T> work) {
        Vertx vertx = Vertx.vertx();
        try {
            return work.on(vertx).toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LaunchFailure("a message that cannot be read did not become a dead letter: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("interrupted", e);
        } finally {
            vertx.close();
        }
    }
}
