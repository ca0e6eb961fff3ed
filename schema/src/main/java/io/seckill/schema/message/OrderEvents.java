package io.seckill.schema.message;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MessageProperties;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What other services hear of orders: one message a state, sale and transaction, on the topic exchange, with routing key
 * {@code order.<state>.<saleId>}. docs/messages/order-events.md describes it. An event comes at least once; its id, {@code
 * orderId:state}, is the same each time.
 */
public final class OrderEvents {
    /** AMQP {@code type} of the messages. */
    public static final String TYPE = "order-events";
    /** Most events in one message. */
    public static final int MAX_EVENTS = 256;

    private OrderEvents() {}

    /** An order came into a state. */
    public record Event(
            String orderId, String saleId, String userId, int quantity, int attempt, String state, Instant at) {

        String id() {
            return orderId + ":" + state;
        }
    }

    public record Message(String routingKey, Buffer body) {}

    /** The messages that tell these events, in any order. */
    public static List<Message> messages(List<Event> events) {
        Map<String, List<Event>> byKey = new TreeMap<>();
        events.forEach(event -> byKey.computeIfAbsent(routingKey(event), key -> new ArrayList<>())
                .add(event));
        List<Message> messages = new ArrayList<>();
        byKey.forEach((key, all) -> {
            for (int from = 0; from < all.size(); from += MAX_EVENTS) {
                messages.add(new Message(key, body(all.subList(from, Math.min(all.size(), from + MAX_EVENTS)))));
            }
        });
        return messages;
    }

    public static AMQP.BasicProperties properties() {
        return MessageProperties.MINIMAL_PERSISTENT_BASIC
                .builder()
                .type(TYPE)
                .contentType("application/json")
                .build();
    }

    private static String routingKey(Event event) {
        return "order." + event.state + '.' + event.saleId;
    }

    private static Buffer body(List<Event> events) {
        JsonArray array = new JsonArray();
        for (Event event : events) {
            array.add(new JsonObject()
                    .put("id", event.id())
                    .put("orderId", event.orderId)
                    .put("userId", event.userId)
                    .put("quantity", event.quantity)
                    .put("attempt", event.attempt)
                    .put("at", event.at.toString()));
        }
        return new JsonObject()
                .put("type", "order." + events.get(0).state)
                .put("version", 1)
                .put("saleId", events.get(0).saleId)
                .put("events", array)
                .toBuffer();
    }
}
