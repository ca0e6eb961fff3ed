package io.seckill.loadtest;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The buyers of a rush, each with the Authorization header that it will send: made ahead, so that signing costs nothing
 * while the rush is measured.
 */
public final class Crowd {

    private final String[] users;
    private final String[] authorizations;

    private Crowd(String[] users, String[] authorizations) {
        this.users = users;
        this.authorizations = authorizations;
    }

    /** Users {@code prefix1 … prefixN}, with tokens that outlive any rush. */
    public static Crowd mint(TokenMint mint, String prefix, int count, Duration ttl) {
        String[] users = new String[count];
        String[] authorizations = new String[count];
        for (int i = 0; i < count; i++) {
            users[i] = prefix + (i + 1);
            authorizations[i] = "Bearer " + mint.mint(users[i], null, ttl);
        }
        return new Crowd(users, authorizations);
    }

    public int size() {
        return users.length;
    }

    public List<String> users() {
        return List.copyOf(Arrays.asList(users));
    }

    String user(int index) {
        return users[index];
    }

    String authorization(int index) {
        return authorizations[index];
    }
}
