package io.seckill.loadtest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where a running stack is, as its {@code env} file says: everything that the load generator and the {@link Auditor}
 * need, and nothing of how the stack was started.
 *
 * @param gateways base URLs of the shopper API, in order, without a slash at the end
 * @param management base URLs of the gateways' management listeners
 */
public record StackAddress(
        List<String> gateways,
        List<String> management,
        String mysqlHost,
        int mysqlPort,
        String mysqlUser,
        String mysqlPassword,
        String mysqlDatabase) {

    public StackAddress {
        gateways = List.copyOf(gateways);
        management = List.copyOf(management);
    }

    /**
     * The address that the variables of a stack's {@code env} file give.
     *
     * @param env looks a variable up, null if it is not set
     * @throws IllegalArgumentException naming every variable that is missing or wrong, not just the first
     */
    public static StackAddress from(Function<String, String> env) {
        List<String> errors = new ArrayList<>();
        StackAddress address = new StackAddress(
                urls(env, "SECKILL_GATEWAYS", errors),
                urls(env, "SECKILL_MANAGEMENT", errors),
                required(env, "SECKILL_MYSQL_HOST", errors),
                port(env, "SECKILL_MYSQL_PORT", errors),
                required(env, "SECKILL_MYSQL_USER", errors),
                password(env),
                required(env, "SECKILL_MYSQL_DATABASE", errors));
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("the stack's address is incomplete: " + String.join("; ", errors));
        }
        return address;
    }

    private static List<String> urls(Function<String, String> env, String name, List<String> errors) {
        List<String> urls = new ArrayList<>();
        String value = required(env, name, errors);
        for (String word : value.trim().split("\\s+")) {
            if (word.isEmpty()) {
                continue;
            }
            if (!isBaseUrl(word)) {
                errors.add(name + ": '" + word + "' is not an address like http://127.0.0.1:8080");
            }
            urls.add(word.endsWith("/") ? word.substring(0, word.length() - 1) : word);
        }
        return urls;
    }

    private static boolean isBaseUrl(String text) {
        try {
            URI uri = new URI(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = "".equals(uri.getPath()) || "/".equals(uri.getPath());
            return http && uri.getHost() != null && bare && uri.getQuery() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String required(Function<String, String> env, String name, List<String> errors) {
        String value = env.apply(name);
        if (value == null || value.isBlank()) {
            errors.add(name + " is not set");
            return "";
        }
        return value;
    }

    private static int port(Function<String, String> env, String name, List<String> errors) {
        String value = required(env, name, errors);
        if (value.isEmpty()) {
            return 0;
        }
        try {
            int port = Integer.parseInt(value.trim());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, with the same words as a number out of range.
        }
        errors.add(name + ": '" + value + "' is not a port");
        return 0;
    }

    /** An empty password is a password: some servers of one's own have none. */
    private static String password(Function<String, String> env) {
        String value = env.apply("SECKILL_MYSQL_PASSWORD");
        return value == null ? "" : value;
    }

    @Override
    public String toString() {
        return "StackAddress[gateways=" + gateways + ", management=" + management + ", mysql=" + mysqlUser + ":***@"
                + mysqlHost + ":" + mysqlPort + "/" + mysqlDatabase + "]";
    }
}
