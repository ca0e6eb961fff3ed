package io.seckill.local;

import io.seckill.schema.config.RedisAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Where everything of a stack is, for the file {@code env} and for the lines of {@code ./seckill status}. */
final class Addresses {
    /** Where Prometheus is, if it is there. */
    static final String PROMETHEUS = "SECKILL_PROMETHEUS";

    private Addresses() {}

    /** By the names of the contract. */
    static Map<String, String> variables(StackRecord stack, Settings settings, Home home) {
        Secrets secrets = Secrets.of(home);
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("SECKILL_GATEWAYS", String.join(" ", gateways(stack, Listener.HTTP)));
        variables.put("SECKILL_MANAGEMENT", String.join(" ", gateways(stack, Listener.MANAGEMENT)));
        variables.putAll(Endpoints.of(stack, secrets).variables());
        variables.put("SECKILL_JWT_KEYS", Service.jwtKeys(settings, secrets));
        variables.put(Service.PAYMENT_URL, payments(stack));
        variables.put(Service.PAYMENT_SECRETS, secrets.payment());
        if (stack.processes().contains(StackRecord.PROMETHEUS)) {
            variables.put(PROMETHEUS, PrometheusServer.url(stack));
        }
        return variables;
    }

    /** Of every gateway, in order. */
    static List<String> gateways(StackRecord stack, Listener listener) {
        return of(stack, "gateway", listener);
    }

    /** Of every process of a kind, in order. */
    static List<String> of(StackRecord stack, String kind, Listener listener) {
        return stack.ofKind(kind).stream()
                .map(name -> url(stack.port(listener, name)))
                .toList();
    }

    static String payments(StackRecord stack) {
        return url(stack.port(Listener.PAYMENTS, StackRecord.PAYMENTS));
    }

    static ProcessStatus ownStatus(String name, StackRecord stack, OptionalLong pid, Home home) {
        ProcessStatus.State state = pid.isEmpty()
                ? ProcessStatus.State.DEAD
                : Startup.ready(name, stack, Secrets.of(home))
                        ? ProcessStatus.State.READY
                        : ProcessStatus.State.NOT_READY;
        return new ProcessStatus(name, pid, address(name, stack), state);
    }

    private static String address(String name, StackRecord stack) {
        return switch (StackRecord.kind(name)) {
            case "redis" -> Listener.HOST + ":" + stack.port(Listener.REDIS, name);
            case "rabbitmq" -> Listener.HOST + ":" + stack.port(Listener.AMQP, name);
            case "mysql" -> Listener.HOST + ":" + stack.port(Listener.MYSQL, name);
            case "gateway" -> url(stack.port(Listener.HTTP, name));
            case StackRecord.PAYMENTS -> payments(stack);
            case StackRecord.PROMETHEUS -> PrometheusServer.url(stack);
            default -> url(stack.port(Listener.WORKER_MANAGEMENT, name));
        };
    }

    static String url(int port) {
        return "http://" + Listener.HOST + ":" + port;
    }

    /** Of somebody else's server only whether it takes connections, and never its password. */
    static ProcessStatus externalStatus(String server, StackRecord stack) {
        Map<String, String> variables = stack.external();
        List<URI> places =
                switch (server) {
                    case "redis" -> redis(variables.get(Endpoints.REDIS));
                    case "rabbitmq" -> List.of(URI.create(variables.get(Endpoints.AMQP)));
                    default ->
                        List.of(URI.create("//" + variables.get(Endpoints.MYSQL_HOST) + ":"
                                + variables.get(Endpoints.MYSQL_PORT)));
                };
        int usual = server.equals("redis") ? 6379 : 5672;
        boolean connects = places.stream()
                .anyMatch(place -> place.getHost() != null
                        && Probe.connects(place.getHost(), place.getPort() > 0 ? place.getPort() : usual));
        return new ProcessStatus(
                server,
                OptionalLong.empty(),
                places.stream()
                                .map(place -> place.getHost() + ":" + (place.getPort() > 0 ? place.getPort() : usual))
                                .collect(Collectors.joining(","))
                        + " (not ours)",
                connects ? ProcessStatus.State.READY : ProcessStatus.State.NOT_READY);
    }

    /** The server, or each of the Sentinels that know it. */
    private static List<URI> redis(String uri) {
        RedisAddress address = RedisAddress.plain(uri);
        return address.hasSentinels()
                ? address.sentinels().stream()
                        .map(place -> URI.create("//" + place))
                        .toList()
                : List.of(URI.create(uri));
    }
}
