package io.seckill.schema.access;

import java.util.Locale;

/**
 * Who signs in to the servers: each with a user of its own on each of them. What each may do there is in {@link
 * RedisAccess}, {@link AmqpAccess} and {@link MysqlAccess}, and nowhere else.
 */
public enum Role {
    GATEWAY,
    WORKER,
    /** The job that brings the servers up to date, {@code SchemaMain}. */
    SCHEMA;

    /** Lower case, as in {@code seckill_gateway}, the user that the local stack makes. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
