package io.seckill.gateway;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.seckill.gateway.http.TestTokens;
import io.seckill.schema.SchemaMain;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database and a topology of a test's own on the real servers; both are dropped at the end. */
final class Backends implements AutoCloseable {
    /** 32 bytes in base64url. */
    static final String PAYMENT_SECRET = "cGF5bWVudHBheW1lbnRwYXltZW50cGF5bWVudDAwMDA";

    final String id = TestServers.random();
    final Topology topology;

    private final Map<String, String> environment = TestServers.environment();
    private final ServerSettings servers;
    private final java.sql.Connection mysql;
    private final Connection rabbit;
    private final Channel channel;

    Backends(Vertx vertx) throws Exception {
        environment.put("SECKILL_JWT_KEYS", TestTokens.KEYS);
        environment.put("SECKILL_EVENT_LOOPS", "1");
        environment.put("SECKILL_PAYMENT_SECRETS", PAYMENT_SECRET);
        // There is no worker here: what a test leaves in the queue, or takes out of it, is not missing.
        environment.put("SECKILL_MISSING_AFTER_MS", "3600000");
        servers = TestServers.servers(environment);
        topology = new Topology(servers.amqpPrefix());
        TestServers.createDatabase(vertx, servers);
        mysql = connect();
        Await.result(SchemaMain.apply(vertx, servers, Map.of()));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(servers.amqp().uri()));
        rabbit = factory.newConnection("gateway tests");
        channel = rabbit.createChannel();
    }

    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    ServerSettings settings() {
        return servers;
    }

    Channel channel() {
        return channel;
    }

    /** Takes all messages out of a queue; each must be a whole batch. */
    List<OrderBatch> take(String queue) throws IOException {
        List<OrderBatch> batches = new ArrayList<>();
        GetResponse message = channel.basicGet(queue, true);
        while (message != null) {
            batches.add(OrderBatch.decode(Buffer.buffer(message.getBody())));
            message = channel.basicGet(queue, true);
        }
        return batches;
    }

    void sql(String sql) throws SQLException {
        try (Statement statement = mysql.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> saleIds() throws SQLException {
        try (Statement statement = mysql.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sale_id FROM sale_row")) {
            List<String> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        }
    }

    @Override
    public void close() throws Exception {
        try (Channel last = rabbit.createChannel()) {
            for (String queue : new String[] {
                topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue(), topology.dueQueue()
            }) {
                last.queueDelete(queue);
            }
            for (String exchange : new String[] {
                topology.orderExchange(),
                topology.unroutedExchange(),
                topology.deadExchange(),
                topology.dueExchange(),
                topology.eventExchange(),
                topology.nowhereExchange()
            }) {
                last.exchangeDelete(exchange);
            }
        }
        rabbit.close();
        sql("DROP DATABASE " + servers.mysqlDatabase());
        mysql.close();
    }

    private java.sql.Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mariadb://" + servers.mysqlHost() + ":" + servers.mysqlPort() + "/" + servers.mysqlDatabase()
                        + "?allowPublicKeyRetrieval=true",
                servers.mysqlUser(),
                servers.mysqlPassword());
    }
}
