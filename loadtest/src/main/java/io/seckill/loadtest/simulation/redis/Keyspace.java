package io.seckill.loadtest.simulation.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** What Redis stores, and the commands that the function library gives it. A command that is not here fails the seed. */
final class Keyspace implements LuaLibrary.Commands {
    private final Map<String, Map<String, String>> hashes = new LinkedHashMap<>();
    private final Map<String, Map<String, Double>> sets = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final LongSupplier nowMs;
    private final BiConsumer<String, String> published;

    /**
     * @param nowMs the server's clock
     * @param published told of channel and message
     */
    Keyspace(LongSupplier nowMs, BiConsumer<String, String> published) {
        this.nowMs = nowMs;
        this.published = published;
    }

    /** All of it as it is now: an RDB file. */
    Keyspace copy() {
        Keyspace copy = new Keyspace(nowMs, published);
        hashes.forEach((key, hash) -> copy.hashes.put(key, new LinkedHashMap<>(hash)));
        sets.forEach((key, set) -> copy.sets.put(key, new LinkedHashMap<>(set)));
        copy.texts.putAll(texts);
        return copy;
    }

    Keyspace empty() {
        return new Keyspace(nowMs, published);
    }

    String text(String key) {
        return texts.get(key);
    }

    void setText(String key, String value) {
        texts.put(key, value);
    }

    Map<String, String> hash(String key) {
        return hashes.getOrDefault(key, Map.of());
    }

    int members(String key) {
        return sets.getOrDefault(key, Map.of()).size();
    }

    @Override
    public LuaValue call(String command, List<String> a) {
        switch (command) {
            case "TIME":
                return list(List.of(
                        LuaValue.valueOf(Long.toString(nowMs.getAsLong() / 1_000)),
                        LuaValue.valueOf(Long.toString(nowMs.getAsLong() % 1_000 * 1_000))));
            case "PUBLISH":
                published.accept(a.get(0), a.get(1));
                return LuaValue.ZERO;
            case "EXISTS":
                return number(a.stream().filter(this::exists).count());
            case "DEL", "UNLINK":
                return number(a.stream().filter(this::delete).count());
            case "TYPE":
                return LuaValue.valueOf(hashes.containsKey(a.get(0)) ? "hash" : "none");
            default:
                return command.startsWith("Z") ? ofSet(command, a) : ofHash(command, a);
        }
    }

    private boolean exists(String key) {
        return hashes.containsKey(key) || sets.containsKey(key) || texts.containsKey(key);
    }

    private boolean delete(String key) {
        boolean there = exists(key);
        hashes.remove(key);
        sets.remove(key);
        texts.remove(key);
        return there;
    }

    private LuaValue ofHash(String command, List<String> a) {
        Map<String, String> hash = hash(a.get(0));
        switch (command) {
            case "HGET":
                return orFalse(hash.get(a.get(1)));
            case "HMGET":
                return list(a.subList(1, a.size()).stream()
                        .map(field -> orFalse(hash.get(field)))
                        .toList());
            case "HGETALL":
                List<LuaValue> all = new ArrayList<>();
                hash.forEach((field, value) -> {
                    all.add(LuaValue.valueOf(field));
                    all.add(LuaValue.valueOf(value));
                });
                return list(all);
            case "HEXISTS":
                return number(hash.containsKey(a.get(1)) ? 1 : 0);
            case "HLEN":
                return number(hash.size());
            case "HSET":
                Map<String, String> changed = hashes.computeIfAbsent(a.get(0), key -> new LinkedHashMap<>());
                int added = 0;
                for (int i = 1; i < a.size(); i += 2) {
                    added += changed.put(a.get(i), a.get(i + 1)) == null ? 1 : 0;
                }
                return number(added);
            case "HDEL":
                long removed = a.subList(1, a.size()).stream()
                        .filter(field -> hash.containsKey(field) && hash.remove(field) != null)
                        .count();
                if (hash.isEmpty()) {
                    hashes.remove(a.get(0));
                }
                return number(removed);
            case "HSCAN":
                LuaTable page = new LuaTable();
                page.set(1, LuaValue.valueOf("0"));
                page.set(2, ofHash("HGETALL", a));
                return page;
            default:
                throw new IllegalStateException("the simulated Redis has no " + command);
        }
    }

    private LuaValue ofSet(String command, List<String> a) {
        Map<String, Double> set = sets.getOrDefault(a.get(0), Map.of());
        switch (command) {
            case "ZADD":
                boolean existingOnly = a.get(1).equals("XX");
                int first = existingOnly ? 2 : 1;
                if (!existingOnly || set.containsKey(a.get(first + 1))) {
                    sets.computeIfAbsent(a.get(0), key -> new LinkedHashMap<>())
                            .put(a.get(first + 1), Double.valueOf(a.get(first)));
                }
                return LuaValue.ONE;
            case "ZREM":
                long removed = a.subList(1, a.size()).stream()
                        .filter(member -> set.containsKey(member) && set.remove(member) != null)
                        .count();
                if (set.isEmpty()) {
                    sets.remove(a.get(0));
                }
                return number(removed);
            case "ZSCORE":
                return score(set.get(a.get(1)));
            case "ZMSCORE":
                return list(a.subList(1, a.size()).stream()
                        .map(member -> score(set.get(member)))
                        .toList());
            case "ZCARD":
                return number(set.size());
            case "ZCOUNT":
                return number(upTo(set, a.get(2)).size());
            case "ZRANGEBYSCORE":
                List<String> due = upTo(set, a.get(2));
                int limit = a.size() > 3 ? Integer.parseInt(a.get(5)) : due.size();
                return texts(due.subList(0, Math.min(limit, due.size())));
            case "ZRANGE":
                return texts(upTo(set, "+inf"));
            default:
                throw new IllegalStateException("the simulated Redis has no " + command);
        }
    }

    // In the order of scores, then of members, as Redis has it. All callers begin at -inf.
    private static List<String> upTo(Map<String, Double> set, String max) {
        double highest = max.equals("+inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(max);
        TreeMap<String, Double> members = new TreeMap<>(set);
        List<String> found = new ArrayList<>();
        members.entrySet().stream()
                .filter(member -> member.getValue() <= highest)
                .sorted(Map.Entry.comparingByValue())
                .forEach(member -> found.add(member.getKey()));
        return found;
    }

    private static LuaValue number(long value) {
        return LuaValue.valueOf((double) value);
    }

    private static LuaValue orFalse(String value) {
        return value == null ? LuaValue.FALSE : LuaValue.valueOf(value);
    }

    private static LuaValue score(Double value) {
        return value == null ? LuaValue.FALSE : LuaValue.valueOf(Long.toString(value.longValue()));
    }

    private static LuaValue texts(List<String> all) {
        return list(all.stream().map(text -> (LuaValue) LuaValue.valueOf(text)).toList());
    }

    private static LuaTable list(List<LuaValue> values) {
        LuaTable table = new LuaTable(values.size(), 0);
        for (int i = 0; i < values.size(); i++) {
            table.rawset(i + 1, values.get(i));
        }
        return table;
    }
}
