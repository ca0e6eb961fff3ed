package io.seckill.local;

import io.seckill.schema.access.AmqpAccess;
import io.seckill.schema.access.Role;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The users of our RabbitMQ and what they may do, as definitions that it reads at each start. */
final class RabbitUsers {
    private static final String VHOST = "/";
    private static final AmqpAccess EVERYTHING = new AmqpAccess(".*", ".*", ".*");

    private RabbitUsers() {}

    static String definitions(Secrets secrets, Topology topology) {
        JsonArray users = new JsonArray().add(user(Endpoints.OWNER, secrets.amqp(), "administrator"));
        JsonArray permissions = new JsonArray().add(permission(Endpoints.OWNER, EVERYTHING));
        for (Role role : Role.values()) {
            users.add(user(Secrets.user(role), secrets.password(role), ""));
            permissions.add(permission(Secrets.user(role), AmqpAccess.of(role, topology)));
        }
        return new JsonObject()
                .put("vhosts", new JsonArray().add(new JsonObject().put("name", VHOST)))
                .put("users", users)
                .put("permissions", permissions)
                .encodePrettily();
    }

    private static JsonObject user(String name, String password, String tags) {
        return new JsonObject()
                .put("name", name)
                .put("password_hash", PasswordHash.rabbit(password))
                .put("hashing_algorithm", "rabbit_password_hashing_sha256")
                .put("tags", tags);
    }

    private static JsonObject permission(String user, AmqpAccess access) {
        return new JsonObject()
                .put("user", user)
                .put("vhost", VHOST)
                .put("configure", access.configure())
                .put("write", access.write())
                .put("read", access.read());
    }
}
