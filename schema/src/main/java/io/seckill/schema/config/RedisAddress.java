package io.seckill.schema.config;

import io.vertx.redis.client.RedisOptions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is: one server, or the Sentinels that know which one is the primary at present. The form with Sentinels is
 * that of the client Lettuce. Credentials never show in {@link #toString()}.
 *
 * @param uri {@code redis://[[user]:password@]host[:port]}, or {@code
 *     redis-sentinel://[[user]:password@]host[:port],host[:port],…#name}, whose user and password are those for the
 *     primary; rediss and rediss-sentinel are for TLS
 * @param caFile PEM, the certificates that are believed; empty without TLS
 * @param sentinelPassword what the Sentinels themselves ask for; empty if nothing
 */
public record RedisAddress(String uri, String caFile, String sentinelPassword) {
    private static final Pattern SENTINELS = Pattern.compile(
            "(?<scheme>rediss?)-sentinel://(?:(?<user>[^@/#]*)@)?(?<places>[^@/#]+)(?<database>/\\d*)?#(?<name>[\\w.-]+)");
    private static final Pattern PLACE = Pattern.compile("(\\[[0-9a-fA-F:]+]|[\\w.-]+)(:\\d{1,5})?");
    private static final String SENTINEL_PORT = ":26379";

    /** One server, without TLS. */
    public static RedisAddress plain(String uri) {
        return new RedisAddress(uri, "", "");
    }

    /** Whether a URI is one of Sentinels. */
    static boolean isSentinels(String uri) {
        Matcher matcher = SENTINELS.matcher(uri);
        return matcher.matches()
                && places(matcher).stream()
                        .allMatch(place -> PLACE.matcher(place).matches());
    }

    /** Whether somebody has to be asked where the primary is. */
    public boolean hasSentinels() {
        return isSentinels(uri);
    }

    /** By which Sentinels know the primary and its replicas. */
    public String primaryName() {
        return parts().group("name");
    }

    /** host:port of each Sentinel. */
    public List<String> sentinels() {
        return places(parts()).stream()
                .map(place ->
                        PLACE.matcher(place).replaceFirst(it -> it.group(2) == null ? place + SENTINEL_PORT : place))
                .toList();
    }

    /** For asking one of the Sentinels. */
    public RedisOptions sentinel(String place) {
        RedisOptions options = new ServerAddress(parts().group("scheme") + "://" + place, caFile).redis();
        return sentinelPassword.isEmpty() ? options : options.setPassword(sentinelPassword);
    }

    /** For the server of this address, where nobody has to be asked. */
    public RedisOptions server() {
        return new ServerAddress(uri, caFile).redis();
    }

    /** For the server that Sentinels named. */
    public RedisOptions server(String host, int port) {
        Matcher parts = parts();
        String user = parts.group("user") == null ? "" : parts.group("user") + "@";
        String database = parts.group("database") == null ? "" : parts.group("database");
        String place = host.contains(":") ? "[" + host + "]" : host;
        return new ServerAddress(parts.group("scheme") + "://" + user + place + ":" + port + database, caFile).redis();
    }

    /** Where, for a log line without credentials. */
    public String place() {
        return hasSentinels()
                ? primaryName() + " of Sentinels " + String.join(",", sentinels())
                : new ServerAddress(uri, caFile).place();
    }

    private Matcher parts() {
        Matcher matcher = SENTINELS.matcher(uri);
        if (!matcher.matches()) {
            throw new IllegalStateException("no Sentinels in the address " + place());
        }
        return matcher;
    }

    private static List<String> places(Matcher matcher) {
        return List.of(matcher.group("places").split(",", -1));
    }

    @Override
    public String toString() {
        return place() + (ServerAddress.isTls(uri) ? " (TLS)" : "");
    }
}
