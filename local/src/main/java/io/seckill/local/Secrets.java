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
 * The passwords of the servers we start, the key that signs local tokens and the one between gateways and payment provider. Made once for a home and kept in a file
 * that only its owner reads, because the servers' data remembers them too.
 *
 * @param jwtKeys {@code kid:base64url-secret}, as the gateways read it
 * @param payment base64url; homes that were made before there were payments get one
 */
record Secrets(String redis, String amqp, String mysql, String jwtKeys, String payment) {
    private static final String PAYMENT = "payment";

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
        return Files.exists(file) && load(file).containsKey(PAYMENT);
    }

    private static void complete(Path file) {
        if (!Files.exists(file)) {
            Home.writePrivate(file, generate().text());
        } else if (!isComplete(file)) {
            Properties old = load(file);
            old.setProperty(PAYMENT, key(new SecureRandom()));
            Home.writePrivate(file, read(old, file).text());
        }
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
                required(values, PAYMENT, file));
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
        return new Secrets(password(random), password(random), password(random), "local:" + key(random), key(random));
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
        return "redis=%s\namqp=%s\nmysql=%s\njwt=%s\npayment=%s\n".formatted(redis, amqp, mysql, jwtKeys, payment);
    }

    @Override
    public String toString() {
        return "Secrets[****]";
    }
}
