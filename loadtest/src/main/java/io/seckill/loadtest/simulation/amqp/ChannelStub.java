package io.seckill.loadtest.simulation.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.impl.AMQImpl;
import io.seckill.loadtest.simulation.world.Stub;
import java.io.IOException;
import java.util.Map;

/** amqp-client's blocking channel, as far as the product calls it. */
final class ChannelStub {
    private ChannelStub() {}

    /** @param channel whose connection it is, or null for one that nothing can end */
    static com.rabbitmq.client.Channel of(Broker broker, Channel channel) {
        return Stub.of(com.rabbitmq.client.Channel.class, (method, a) -> {
            if (method.equals("isOpen")) {
                return channel == null || channel.isOpen();
            } else if (method.equals("addShutdownListener")) {
                return null;
            }
            if (channel == null) {
                return call(broker, null, method, a);
            }
            if (!channel.isOpen() || !broker.isUp()) {
                throw new IOException("the connection is over");
            }
            channel.wire().client().roundTrip(channel.wire().roundTripNanos());
            return call(broker, channel, method, a);
        });
    }

    @SuppressWarnings("unchecked")
    private static Object call(Broker broker, Channel channel, String method, Object[] a) throws IOException {
        switch (method) {
            case "exchangeDeclare":
                Map<String, Object> exchangeArguments = a.length > 4 ? (Map<String, Object>) a[4] : Map.of();
                broker.declareExchange((String) a[0], ((BuiltinExchangeType) a[1]).getType(), exchangeArguments);
                return null;
            case "exchangeDeclarePassive":
                if (!broker.hasExchange((String) a[0])) {
                    throw new IOException("no exchange " + a[0]);
                }
                return null;
            case "queueDeclare":
                if (a.length == 0) {
                    // Private to the connection, and gone in a moment.
                    return new AMQImpl.Queue.DeclareOk("amq.gen", 0, 0);
                }
                broker.declareQueue((String) a[0], (Map<String, Object>) a[4]);
                return declared(broker.queue((String) a[0]));
            case "queueDeclarePassive":
                if (broker.queue((String) a[0]) == null) {
                    throw new IOException("no queue " + a[0]);
                }
                return declared(broker.queue((String) a[0]));
            case "queueBind":
                broker.bind((String) a[0], (String) a[1], (String) a[2]);
                return null;
            case "messageCount":
                return (long) broker.queue((String) a[0]).ready();
            case "consumerCount":
                return (long) broker.queue((String) a[0]).consumers();
            case "basicCancel":
                channel.cancel((String) a[0]);
                return null;
            case "basicConsume":
                Consumer consumer = (Consumer) a[2];
                channel.wire().down(() -> consumer.handleConsumeOk("amq.gen"));
                return "amq.gen";
            case "queueDelete", "basicQos", "abort":
                return null;
            default:
                throw new IllegalStateException("the simulation has no Channel." + method);
        }
    }

    private static AMQP.Queue.DeclareOk declared(Queue queue) {
        return new AMQImpl.Queue.DeclareOk(queue.name(), queue.ready(), queue.consumers());
    }
}
