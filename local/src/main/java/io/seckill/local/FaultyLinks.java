package io.seckill.local;

import io.seckill.loadtest.chaos.PlannedFault;
import io.seckill.schema.fault.TcpProxy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy for each service's way to each server: the services of the stack see the servers through them. */
final class FaultyLinks implements Surroundings, AutoCloseable {
    private static final List<Listener> SERVERS = List.of(Listener.REDIS, Listener.AMQP, Listener.MYSQL);

    private final Map<String, TcpProxy> proxies = new TreeMap<>();
    private final Map<String, Map<String, String>> variables = new ConcurrentHashMap<>();

    /** @param settings whose ports of the three servers are fixed */
    FaultyLinks(Settings settings, List<String> services) {
        try {
            for (String service : services) {
                for (Listener server : SERVERS) {
                    proxies.put(
                            PlannedFault.link(service, server.owner),
                            new TcpProxy(Listener.HOST, settings.moved().get(server)));
                }
            }
        } catch (IOException e) {
            close();
            throw new LaunchFailure("no port for a proxy: " + e.getMessage(), e);
        }
    }

    /** @param link as {@link PlannedFault#link} names it */
    TcpProxy proxy(String link) {
        return proxies.get(link);
    }

    /** Leads every service's way to a server to another port. */
    void lead(Listener server, int port) {
        proxies.forEach((link, proxy) -> {
            if (link.endsWith(PlannedFault.link("", server.owner))) {
                proxy.lead(port);
            }
        });
    }

    /** Variables that a service gets when it is started the next time; an empty map takes them back. */
    void next(String service, Map<String, String> own) {
        variables.put(service, own);
    }

    @Override
    public Map<String, Integer> ports(String service) {
        Map<String, Integer> ports = new TreeMap<>();
        for (Listener server : SERVERS) {
            TcpProxy proxy = proxy(PlannedFault.link(service, server.owner));
            if (proxy != null) {
                ports.put(server.key(server.owner), proxy.port());
            }
        }
        return ports;
    }

    @Override
    public Map<String, String> variables(String service) {
        return variables.getOrDefault(service, Map.of());
    }

    @Override
    public void close() {
        for (TcpProxy proxy : proxies.values()) {
            try {
                proxy.close();
            } catch (IOException ignored) {
                // Its port goes with this process.
            }
        }
    }
}
