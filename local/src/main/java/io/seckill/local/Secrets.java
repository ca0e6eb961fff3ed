package io.seckill.local;

import io.seckill.schema.access.Role;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The passwords of the servers we start, the key that signs local tokens and the one between gateways and payment provider.
 * Made once for a home and kept in a file that only its owner reads, because the servers' data remembers them too. A home
 * that was made before one of them was needed gets it.
 *
 * @param redis the owner's, as are {@code amqp} and {@code mysql}: for whoever looks after the stack, never for a service
 * @param jwtKeys {@code kid:base64url-secret}, as the gateways read it
 * @param payment base64url
 * @param roles the password of each role's user, the same on the three servers
 */
record Secrets(String redis, String amqp, String mysql, String jwtKeys, String payment, Map<Role, String> roles) {
    private static final String PAYMENT = "payment";

    Secrets {
        roles = Map.copyOf(roles);
    }

    /** The user of a role on each server that we start. */
    static String user(Role role) {
        return "seckill_" + role.id();
    }

    String password(Role role) {
        return roles.get(role);
    }

    static Secrets of(Home home) {
        Path file = home.conf().resolve("secrets");
        if (!isComplete(file)) {
            try (HomeLock lock = HomeLock.take(home.conf().resolve("secrets.lock"), () -> {})) {
                complete(file);
            }
        }
        return read(load(file), file);
    }

    private static boolean isComplete(Path file) {
        return Files.exists(file) && load(file).keySet().containsAll(added());
    }

    private static void complete(Path file) {
        if (!Files.exists(file)) {
            Home.writePrivate(file, generate().text());
        } else if (!isComplete(file)) {
            Properties old = load(file);
            SecureRandom random = new SecureRandom();
            old.putIfAbsent(PAYMENT, key(random));
            for (Role role : Role.values()) {
                old.putIfAbsent(role.id(), password(random));
            }
            Home.writePrivate(file, read(old, file).text());
        }
    }

    /** Those that the oldest homes lack. */
    private static List<String> added() {
        return Stream.concat(Stream.of(PAYMENT), Stream.of(Role.values()).map(Role::id))
                .toList();
    }

    private static Properties load(Path file) {
        Properties values = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            values.load(reader);
        } catch (IOException e) {
            throw new LaunchFailure("cannot read %s: %s".formatted(file, e), e);
        }
        return values;
    }

    private static Secrets read(Properties values, Path file) {
        return new Secrets(
                required(values, "redis", file),
                required(values, "amqp", file),
                required(values, "mysql", file),
                required(values, "jwt", file),
                required(values, PAYMENT, file),
                roles(role -> required(values, role.id(), file)));
    }

    private static String required(Properties values, String name, Path file) {
        String value = values.getProperty(name);
        if (value == null || value.isBlank()) {
            throw new LaunchFailure(
                    "%s has no '%s': stop the stack and delete %s".formatted(file, name, file.getParent()));
        }
        return value;
    }

    private static Secrets generate() {
        SecureRandom random = new SecureRandom();
        return new Secrets(
                password(random),
                password(random),
                password(random),
                "local:" + key(random),
                key(random),
                roles(role -> password(random)));
    }

    private static Map<Role, String> roles(Function<Role, String> password) {
        Map<Role, String> passwords = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            passwords.put(role, password.apply(role));
        }
        return passwords;
    }

    /** Hexadecimal: the same in a URI, a conf file, SQL and a shell. */
    private static String password(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String key(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String text() {
        StringBuilder text = new StringBuilder(
                "redis=%s\namqp=%s\nmysql=%s\njwt=%s\npayment=%s\n".formatted(redis, amqp, mysql, jwtKeys, payment));
        for (Role role : Role.values()) {
            text.append(role.id()).append('=').append(password(role)).append('\n');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "Secrets[****]";
    }
}
