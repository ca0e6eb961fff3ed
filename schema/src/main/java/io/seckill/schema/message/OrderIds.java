package io.seckill.schema.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Order ids are deterministic: UUID version 5 (RFC 9562) of sale, user and attempt. So every republish of an order, by
 * whomever, bears the same id and is absorbed by the primary key.
 */
public final class OrderIds {
    private static final byte[] NAMESPACE = bytes(UUID.fromString("6f2d8e0a-0c55-5b52-9d0e-3a7c5e1b9f40"));
    // Looking one up costs as much as the hash itself.
    private static final ThreadLocal<MessageDigest> SHA1 = ThreadLocal.withInitial(OrderIds::sha1);

    private OrderIds() {}

    /** The id of a user's {@code attempt}-th order in a sale. Pure; safe on any thread. */
    public static UUID of(String saleId, String userId, int attempt) {
        MessageDigest sha1 = SHA1.get();
        sha1.update(NAMESPACE);
        // Neither id can hold a line break, so no two triples share a name.
        byte[] hash = sha1.digest((saleId + '\n' + userId + '\n' + attempt).getBytes(StandardCharsets.US_ASCII));
        ByteBuffer bytes = ByteBuffer.wrap(hash, 0, 16);
        long high = (bytes.getLong() & ~0xf000L) | 0x5000L;
        long low = (bytes.getLong() & ~(0xcL << 60)) | (0x8L << 60);
        return new UUID(high, low);
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
