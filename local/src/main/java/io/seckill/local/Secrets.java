package io.seckill.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;

/**
 * The passwords of the servers we start and the key that signs local tokens. Made once for a home and kept in a file
 * that only its owner reads, because the servers' data remembers them too.
 *
 * @param jwtKeys {@code kid:base64url-secret}, as the gateways read it
 */
record Secrets(String redis, String amqp, String mysql, String jwtKeys) {
    static Secrets of(Home home) {
        Path file = home.conf().resolve("secrets");
        if (!Files.exists(file)) {
            try (HomeLock lock = HomeLock.take(home.conf().resolve("secrets.lock"), () -> {})) {
                if (!Files.exists(file)) {
                    Home.writePrivate(file, generate().text());
                }
            }
        }
        return read(file);
    }

    private static Secrets read(Path file) {
        Properties values = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            values.load(reader);
        } catch (IOException e) {
            throw new LaunchFailure("cannot read %s: %s".formatted(file, e), e);
        }
        return new Secrets(
                required(values, "redis", file),
                required(values, "amqp", file),
                required(values, "mysql", file),
                required(values, "jwt", file));
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
        return new Secrets(password(random), password(random), password(random), "local:" + key(random));
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
        return "redis=%s\namqp=%s\nmysql=%s\njwt=%s\n".formatted(redis, amqp, mysql, jwtKeys);
    }

    @Override
    public String toString() {
        return "Secrets[****]";
    }
}
