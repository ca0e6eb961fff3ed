package io.seckill.local;

/**
 * Every kind of port that the stack listens on: the variable that moves it and where it is when nobody moved it. All of
 * them are on 127.0.0.1. {@link PortPlan} hands them out.
 */
enum Listener {
    REDIS("redis", "port", "SECKILL_REDIS_PORT", 16379),
    AMQP("rabbitmq", "port", "SECKILL_AMQP_PORT", 15673),
    AMQP_DISTRIBUTION("rabbitmq", "distribution", "SECKILL_AMQP_DIST_PORT", 15683),
    AMQP_EPMD("rabbitmq", "epmd", "SECKILL_AMQP_EPMD_PORT", 15684),
    MYSQL("mysql", "port", "SECKILL_MYSQL_PORT", 13306),
    HTTP("gateway", "http", "SECKILL_HTTP_PORT", 8080),
    MANAGEMENT("gateway", "management", "SECKILL_MANAGEMENT_PORT", 9080),
    WORKER_MANAGEMENT("worker", "management", "SECKILL_WORKER_MANAGEMENT_PORT", 9180),
    PAYMENTS(StackRecord.PAYMENTS, "http", "SECKILL_PAYMENTS_PORT", 9280),
    PROMETHEUS(StackRecord.PROMETHEUS, "http", "SECKILL_PROMETHEUS_PORT", 9380);

    /** What every listener binds to. */
    static final String HOST = "127.0.0.1";

    final String owner;
    final String role;
    final String variable;
    final int preset;

    Listener(String owner, String role, String variable, int preset) {
        this.owner = owner;
        this.role = role;
        this.variable = variable;
        this.preset = preset;
    }

    /** Whether a process of this name has such a listener: {@code gateway-2} has those of {@code gateway}. */
    boolean belongsTo(String process) {
        return process.equals(owner) || process.startsWith(owner + "-");
    }

    String key(String process) {
        return process + "." + role;
    }

    /** How far a numbered process is from its kind's first port: 0 for gateway-1, 1 for gateway-2. */
    static int offset(String process) {
        int dash = process.lastIndexOf('-');
        return dash < 0 ? 0 : Integer.parseInt(process.substring(dash + 1)) - 1;
    }
}
