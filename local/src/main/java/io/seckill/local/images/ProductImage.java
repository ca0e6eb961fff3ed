package io.seckill.local.images;

import java.util.List;
import java.util.Map;

/** The images that a deployment of the product consists of. */
enum ProductImage {
    GATEWAY("gateway", "The shoppers' HTTP API of a flash sale", "io.seckill.gateway.GatewayMain", JvmFlags.SERVICE),
    ORDER_WORKER("order-worker", "Stores the orders of a flash sale", "io.seckill.worker.WorkerMain", JvmFlags.SERVICE),
    SCHEMA(
            "schema",
            "Brings MySQL, Redis and RabbitMQ to what a flash sale expects, and ends",
            "io.seckill.schema.SchemaMain",
            JvmFlags.JOB);

    private final String module;
    final String description;
    final String mainClass;
    final String jvmFlags;

    ProductImage(String module, String description, String mainClass, String jvmFlags) {
        this.module = module;
        this.description = description;
        this.mainClass = mainClass;
        this.jvmFlags = jvmFlags;
    }

    /** What differs from the service's own defaults. */
    Map<String, String> settings() {
        return switch (this) {
            // Nobody outside of the container would reach its loopback.
            case GATEWAY -> Map.of("SECKILL_HTTP_HOST", "0.0.0.0");
            case ORDER_WORKER, SCHEMA -> Map.of();
        };
    }

    /** Where the service listens unless it is told otherwise. */
    List<Integer> ports() {
        return switch (this) {
            case GATEWAY -> List.of(8080, 9080);
            case ORDER_WORKER -> List.of(9180);
            case SCHEMA -> List.of();
        };
    }

    /** The name in a registry, without a host. */
    String repository() {
        return "seckill/" + module;
    }

    /** The Maven artifact that it is made of. */
    String artifact() {
        return "seckill-" + module;
    }
}
