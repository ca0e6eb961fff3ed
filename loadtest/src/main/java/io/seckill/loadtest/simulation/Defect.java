package io.seckill.loadtest.simulation;

/** A server that does not do what it says, so that a promise must break: shows that the checks notice. */
public enum Defect {
    NONE,
    /** RabbitMQ confirms order batches and forgets some. */
    BROKER_FORGETS,
    /** Redis says that units are back, and they are not. */
    UNITS_LEAK,
    /** MySQL says that it raised what is sold, and did not. */
    GUARD_SKIPPED,
    /** RabbitMQ delivers orders of people who never came. */
    ORDERS_INVENTED,
    /** After the troubles Redis stays away. */
    REDIS_STAYS_AWAY
}
