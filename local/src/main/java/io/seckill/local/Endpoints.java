package io.seckill.local;

import io.seckill.schema.access.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the three servers are, as the variables that services read. A server named beforehand is used as it is; for the
 * others the address is that of our own.
 */
record Endpoints(Map<String, String> variables) {
    static final String REDIS = "SECKILL_REDIS_URI";
    static final String AMQP = "SECKILL_AMQP_URI";
    static final String MYSQL_HOST = "SECKILL_MYSQL_HOST";
    static final String MYSQL_PORT = "SECKILL_MYSQL_PORT";
    static final String MYSQL_USER = "SECKILL_MYSQL_USER";
    static final String MYSQL_PASSWORD = "SECKILL_MYSQL_PASSWORD";
    static final String MYSQL_DATABASE = "SECKILL_MYSQL_DATABASE";
    /** The user and the database that we make on servers of our own. */
    static final String OWNER = "seckill";

    private static final String STANDARD_MYSQL_PORT = "3306";

    /**
     * The variables that name servers of somebody else. Those of a home's own servers are not among them, even when they
     * were sourced from its {@code env} file: our random passwords give them away.
     */
    static Map<String, String> external(Map<String, String> environment, Secrets own) {
        Map<String, String> external = new TreeMap<>();
        String redis = environment.getOrDefault(REDIS, "");
        if (!redis.isBlank() && !redis.contains(own.redis())) {
            external.put(REDIS, redis);
        }
        String amqp = environment.getOrDefault(AMQP, "");
        if (!amqp.isBlank() && !amqp.contains(own.amqp())) {
            external.put(AMQP, amqp);
        }
        String host = environment.getOrDefault(MYSQL_HOST, "");
        String password = environment.getOrDefault(MYSQL_PASSWORD, "");
        if (!host.isBlank() && !password.equals(own.mysql())) {
            external.put(MYSQL_HOST, host);
            external.put(MYSQL_PORT, environment.getOrDefault(MYSQL_PORT, STANDARD_MYSQL_PORT));
            external.put(MYSQL_USER, environment.getOrDefault(MYSQL_USER, OWNER));
            external.put(MYSQL_PASSWORD, password);
            external.put(MYSQL_DATABASE, environment.getOrDefault(MYSQL_DATABASE, OWNER));
        }
        return external;
    }

    /** Whether a server is one that we do not start. */
    static boolean isExternal(String server, Map<String, String> external) {
        return external.containsKey(
                switch (server) {
                    case "redis" -> REDIS;
                    case "rabbitmq" -> AMQP;
                    default -> MYSQL_HOST;
                });
    }

    /** As the owner of the servers sees them: for whoever starts, audits, measures and breaks the stack. */
    static Endpoints of(StackRecord stack, Secrets own) {
        return of(stack, ":" + own.redis(), OWNER + ":" + own.amqp(), OWNER, own.mysql());
    }

    /** As a service sees them, with a user of its own. On somebody else's servers it has the one that was given. */
    static Endpoints of(StackRecord stack, Secrets own, Role role) {
        String user = Secrets.user(role);
        String credentials = user + ":" + own.password(role);
        return of(stack, credentials, credentials, user, own.password(role));
    }

    private static Endpoints of(StackRecord stack, String redis, String amqp, String mysqlUser, String mysqlPassword) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(MYSQL_HOST, Listener.HOST);
        variables.put(MYSQL_PORT, Integer.toString(stack.port(Listener.MYSQL, "mysql")));
        variables.put(MYSQL_USER, mysqlUser);
        variables.put(MYSQL_PASSWORD, mysqlPassword);
        variables.put(MYSQL_DATABASE, OWNER);
        variables.put(REDIS, "redis://%s@%s:%d".formatted(redis, Listener.HOST, stack.port(Listener.REDIS, "redis")));
        // No path after the port: "/" would name a virtual host with an empty name.
        variables.put(AMQP, "amqp://%s@%s:%d".formatted(amqp, Listener.HOST, stack.port(Listener.AMQP, "rabbitmq")));
        variables.putAll(stack.external());
        return new Endpoints(variables);
    }

    @Override
    public String toString() {
        return "Endpoints" + variables.keySet();
    }
}
