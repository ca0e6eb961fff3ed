package io.seckill.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells whether a port of the loopback is free, and finds ports for a stack that must not meet another one. */
public final class FreePorts {
    /** Below the range that systems hand to outgoing connections, so that none of those takes a port first. */
    private static final int LOWEST = 20_000;

    private static final int SPAN = 12_000;
    /** How many gateways or workers in a row an isolated stack can have. */
    private static final int ROW = 8;

    /** {@link Listener#HOST}, as bytes. */
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private FreePorts() {}

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The variables that put a whole stack of up to eight gateways and workers on ports that are free now. */
    public static Map<String, String> forStack() {
        SecureRandom random = new SecureRandom();
        Set<Integer> used = new HashSet<>();
        Map<Listener, Integer> ports = new EnumMap<>(Listener.class);
        for (Listener listener : Listener.values()) {
            boolean row = listener.owner.equals("gateway") || listener.owner.equals("worker");
            ports.put(listener, pick(random, used, row ? ROW : 1));
        }
        Map<String, String> variables = new java.util.TreeMap<>();
        ports.forEach((listener, port) -> variables.put(listener.variable, Integer.toString(port)));
        return variables;
    }

    /** A port that is free now. */
    static int one() {
        return pick(new SecureRandom(), new HashSet<>(), 1);
    }

    private static int pick(SecureRandom random, Set<Integer> used, int length) {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int first = LOWEST + random.nextInt(SPAN);
            boolean good = true;
            for (int port = first; port < first + length && good; port++) {
                good = !used.contains(port) && free(port);
            }
            if (good) {
                for (int port = first; port < first + length; port++) {
                    used.add(port);
                }
                return first;
            }
        }
        throw new LaunchFailure(
                "no free ports between %d and %d on %s".formatted(LOWEST, LOWEST + SPAN, Listener.HOST));
    }
}
