package io.seckill.loadtest.simulation.amqp;

import com.rabbitmq.client.AMQP;
import io.seckill.loadtest.simulation.Defect;
import io.seckill.loadtest.simulation.world.World;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * RabbitMQ: durable exchanges and quorum queues as the product's topology declares them, at-least-once. A restart ends all
 * connections and keeps the queues.
 */
public final class Broker {
    /** A message in a queue. */
    static final class Message {
        final AMQP.BasicProperties properties;
        final Buffer body;
        int deliveries;

        Message(AMQP.BasicProperties properties, Buffer body) {
            this.properties = properties;
            this.body = body;
        }
    }

    private record Exchange(String type, String alternate, List<Binding> bindings) {}

    private record Binding(String queue, String key) {}

    private final World world;
    private final Map<String, Exchange> exchanges = new LinkedHashMap<>();
    private final Map<String, Queue> queues = new LinkedHashMap<>();
    private final Set<Channel> channels = new LinkedHashSet<>();
    private boolean up = true;

    public Broker(World world) {
        this.world = world;
    }

    World world() {
        return world;
    }

    boolean isUp() {
        return up;
    }

    void opened(Channel channel) {
        channels.add(channel);
    }

    void closed(Channel channel) {
        channels.remove(channel);
    }

    public void stop() {
        up = false;
        world.trace("rabbitmq is gone");
        List.copyOf(channels).forEach(Channel::serverCloses);
    }

    public void start() {
        if (!up) {
            world.trace("rabbitmq is back");
        }
        up = true;
    }

    /** Ends some connection, if there is any. */
    public void cutOne() {
        if (!channels.isEmpty()) {
            world.chance().of(List.copyOf(channels)).cut();
        }
    }

    /** Tells all publishers to stop, or to go on; meanwhile nothing that they send is read. */
    public void block(boolean blocked) {
        world.trace(blocked ? "rabbitmq blocks publishers" : "rabbitmq takes messages again");
        List.copyOf(channels).forEach(channel -> channel.block(blocked));
    }

    /** For topologies: declares on behalf of nobody. */
    public com.rabbitmq.client.Channel admin() {
        return ChannelStub.of(this, null);
    }

    /** Messages that wait in a queue, and those that were delivered and not acked. */
    public int messages(String queue) {
        return queues.get(queue).size();
    }

    Queue queue(String name) {
        return queues.get(name);
    }

    boolean hasExchange(String name) {
        return exchanges.containsKey(name);
    }

    void declareExchange(String name, String type, Map<String, Object> arguments) {
        exchanges.computeIfAbsent(
                name, key -> new Exchange(type, (String) arguments.get("alternate-exchange"), new ArrayList<>()));
    }

    void declareQueue(String name, Map<String, Object> arguments) {
        queues.computeIfAbsent(name, key -> new Queue(this, name, arguments));
    }

    void bind(String queue, String exchange, String key) {
        Binding binding = new Binding(queue, key);
        if (!exchanges.get(exchange).bindings.contains(binding)) {
            exchanges.get(exchange).bindings.add(binding);
        }
    }

    /** Somebody who is none of ours puts something into a queue. */
    public void put(String queue, Buffer body) {
        queues.get(queue).add(new Message(new AMQP.BasicProperties(), body));
    }

    /** Routes a message; what finds no queue is gone, and confirmed all the same. */
    void route(String exchange, String key, AMQP.BasicProperties properties, Buffer body) {
        if (exchange.isEmpty()) {
            Queue queue = queues.get(key);
            if (queue != null) {
                queue.add(new Message(properties, body));
            }
            return;
        }
        Exchange found = exchanges.get(exchange);
        Buffer arriving = found.alternate == null ? body : afterDefect(body);
        if (arriving == null) {
            return;
        }
        boolean routed = false;
        for (Binding binding : found.bindings) {
            if (!found.type.equals("direct") || binding.key.equals(key)) {
                queues.get(binding.queue).add(new Message(properties, arriving));
                routed = true;
            }
        }
        if (!routed && found.alternate != null) {
            route(found.alternate, key, properties, body);
        }
    }

    /** What a defective broker makes of an order batch; null if it forgets it. */
    private Buffer afterDefect(Buffer body) {
        if (world.has(Defect.BROKER_FORGETS) && world.chance().perMille(300)) {
            return null;
        } else if (!world.has(Defect.ORDERS_INVENTED)) {
            return body;
        }
        List<Lot> lots = new ArrayList<>(OrderBatch.decode(body).lots());
        Lot one = lots.get(0);
        lots.add(new Lot(
                one.saleId(),
                one.epoch(),
                one.seq(),
                one.createdAtMs(),
                one.paymentWindowSeconds(),
                List.of(new OrderLine("nobody", 1, 1))));
        return new OrderBatch(lots).encode();
    }
}
