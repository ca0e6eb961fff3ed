package io.seckill.local;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Passwords as the servers' configuration files take them: who reads such a file does not learn the password. */
final class PasswordHash {
    private static final int RABBIT_SALT_BYTES = 4;

    private PasswordHash() {}

    /** As after # in {@code ACL SETUSER}: hexadecimal. */
    static String redis(String password) {
        return HexFormat.of().formatHex(sha256(password.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * As {@code password_hash} in RabbitMQ's definitions: a salt, then the hash of salt and password. The salt is taken from
     * the password's own hash, so that the same file is written each time.
     */
    static String rabbit(String password) {
        byte[] text = password.getBytes(StandardCharsets.UTF_8);
        byte[] salt = Arrays.copyOf(sha256(text), RABBIT_SALT_BYTES);
        byte[] salted = Arrays.copyOf(salt, salt.length + text.length);
        System.arraycopy(text, 0, salted, salt.length, text.length);
        byte[] hash = sha256(salted);
        byte[] both = Arrays.copyOf(salt, salt.length + hash.length);
        System.arraycopy(hash, 0, both, salt.length, hash.length);
        return Base64.getEncoder().encodeToString(both);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
