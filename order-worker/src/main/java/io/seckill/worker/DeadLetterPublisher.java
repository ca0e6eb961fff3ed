package io.seckill.worker;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.fault.CrashPoint;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** Sends what can never be stored to the dead-letter exchange, until it is confirmed; never while nobody keeps dead letters. */
final class DeadLetterPublisher {
    private final ConfirmedPublisher publisher;
    private final Topology topology;
    private final WorkerMetrics metrics;

    DeadLetterPublisher(ConfirmedPublisher publisher, Topology topology, WorkerMetrics metrics) {
        this.publisher = publisher;
        this.topology = topology;
        this.metrics = metrics;
    }

    /** A dead letter. {@code detail} may tell more than the reason, which is one of a fixed set. */
    record Letter(String reason, String detail, Buffer body) {
        String header() {
            return detail.isEmpty() ? reason : reason + ": " + detail;
        }
    }

    /** Fails only when a drain began before all are confirmed. */
    Future<Void> publish(List<Letter> letters) {
        return Future.all(letters.stream().map(this::publish).toList()).mapEmpty();
    }

    private Future<Void> publish(Letter letter) {
        AMQP.BasicProperties properties = Topology.orderBatchProperties()
                .builder()
                .headers(Map.of(Topology.REASON_HEADER, letter.header()))
                .build();
        return publisher
                .publish(topology.deadExchange(), "", properties, letter.body(), topology.deadQueue())
                .onSuccess(v -> {
                    metrics.deadLettered(letter.reason());
                    CrashPoint.DEAD_LETTER_PUBLISHED.reach();
                });
    }
}
