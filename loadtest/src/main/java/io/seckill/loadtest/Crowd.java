package io.seckill.loadtest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /**
     * The users of a file, with their tokens: lines {@code userId<TAB>token}, as {@code seckill token --count} prints them.
     *
     * @throws IllegalArgumentException naming the first line that is none
     */
    public static Crowd read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        String[] users = new String[lines.size()];
        String[] authorizations = new String[lines.size()];
        for (int i = 0; i < users.length; i++) {
            String[] fields = lines.get(i).split("\t", -1);
            if (fields.length != 2 || fields[0].isEmpty() || fields[1].isEmpty()) {
                throw new IllegalArgumentException("line " + (i + 1) + " of " + file + " is not userId<TAB>token");
            }
            users[i] = fields[0];
            authorizations[i] = "Bearer " + fields[1];
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

    /** What a buyer sends as {@code Authorization}. */
    public String authorization(int index) {
        return authorizations[index];
    }
}
