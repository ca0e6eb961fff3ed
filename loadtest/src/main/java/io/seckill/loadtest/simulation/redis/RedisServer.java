package io.seckill.loadtest.simulation.redis;

import io.seckill.loadtest.simulation.Defect;
import io.seckill.loadtest.simulation.world.Wire;
import io.seckill.loadtest.simulation.world.World;
import io.seckill.schema.redis.FunctionLibrary;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.BulkType;
import io.vertx.redis.client.impl.types.ErrorType;
import io.vertx.redis.client.impl.types.MultiType;
import io.vertx.redis.client.impl.types.NumberType;
import io.vertx.redis.client.impl.types.SimpleStringType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaValue;

/**
 * Redis: the product's function library over keys in memory. A restart ends what the library kept in Lua locals, and
 * keeps, loses or rolls back the keys.
 */
public final class RedisServer {
    /** What is left of the keys after a restart. */
    public enum Left {
        ALL,
        NOTHING,
        A_SNAPSHOT
    }

    private final World world;
    private final Map<Wire, BiConsumer<String, String>> subscribers = new LinkedHashMap<>();
    private final Set<Wire> wires = new LinkedHashSet<>();
    private Keyspace keys;
    private Keyspace snapshot;
    /** By name. */
    private final Map<String, LuaLibrary> libraries = new LinkedHashMap<>();

    private boolean up = true;

    public RedisServer(World world) {
        this.world = world;
        this.keys = new Keyspace(world::serverMs, this::publish);
        this.snapshot = keys.copy();
        load(Versions.THIS);
    }

    boolean isUp() {
        return up;
    }

    void opened(Wire wire) {
        wires.add(wire);
    }

    void closed(Wire wire) {
        wires.remove(wire);
        subscribers.remove(wire);
    }

    void subscribe(Wire wire, BiConsumer<String, String> subscriber) {
        subscribers.put(wire, subscriber);
    }

    /** Writes down all keys, for a later rollback. */
    public void save() {
        snapshot = keys.copy();
    }

    public void stop(Left left) {
        up = false;
        List.copyOf(wires).forEach(Wire::serverCloses);
        world.trace("redis is gone, with " + left + " of its keys to come back");
        switch (left) {
            case ALL -> {}
            case NOTHING -> keys = keys.empty();
            case A_SNAPSHOT -> keys = snapshot.copy();
        }
        // What they kept in locals is gone with the process; an empty Redis has lost its functions too.
        List<FunctionLibrary> kept = Versions.ALL.stream()
                .filter(library -> left != Left.NOTHING && libraries.containsKey(library.name()))
                .toList();
        libraries.clear();
        kept.forEach(this::load);
    }

    /** Ends some connection, if there is any. */
    public void cutOne() {
        if (!wires.isEmpty()) {
            Wire one = world.chance().of(List.copyOf(wires));
            world.trace("a connection of " + one.client() + " to redis is cut");
            one.cut();
        }
    }

    public void start() {
        if (!up) {
            world.trace("redis is back");
        }
        up = true;
    }

    /** For the checker. */
    public Map<String, String> hash(String key) {
        return keys.hash(key);
    }

    /** Likewise: how many are in a sorted set. */
    public int members(String key) {
        return keys.members(key);
    }

    private void publish(String channel, String message) {
        subscribers.values().forEach(subscriber -> subscriber.accept(channel, message));
    }

    Response execute(String command, List<String> a) {
        try {
            switch (command) {
                case "fcall", "fcall_ro":
                    return call(a);
                case "function":
                    return function(a);
                case "publish":
                    publish(a.get(0), a.get(1));
                    return NumberType.create(0);
                case "set":
                    return set(a);
                case "hget":
                    return reply(keys.call("HGET", a));
                case "time":
                    return reply(keys.call("TIME", List.of()));
                case "hello":
                    return MultiType.EMPTY_MULTI;
                default:
                    throw new IllegalStateException("the simulated Redis has no " + command);
            }
        } catch (LuaError error) {
            String message = String.valueOf(error.getMessage());
            world.trace("redis: " + message);
            throw error;
        }
    }

    private Response call(List<String> a) {
        LuaLibrary library = libraries.values().stream()
                .filter(loaded -> loaded.has(a.get(0)))
                .findFirst()
                .orElseThrow(() -> new LuaError("ERR Function not found"));
        String function = withoutVersion(a.get(0));
        int keyCount = Integer.parseInt(a.get(1));
        if (world.has(Defect.UNITS_LEAK) && function.equals("seckill_release")) {
            return allReleased((a.size() - 2 - keyCount) / 2);
        }
        Response reply = reply(library.call(a.get(0), a.subList(2, 2 + keyCount), a.subList(2 + keyCount, a.size())));
        if (world.isTraced() && !function.equals("seckill_status")) {
            world.trace("redis " + a.get(0) + a.subList(2 + keyCount, a.size()) + " -> " + reply);
        }
        return reply;
    }

    /** The name of a function as {@code seckill.lua} has it. */
    static String withoutVersion(String function) {
        return function.substring(0, function.lastIndexOf('_'));
    }

    private static Response allReleased(int orders) {
        MultiType all = MultiType.create(1 + orders, false);
        all.add(bulk("OK"));
        for (int i = 0; i < orders; i++) {
            all.add(NumberType.create(1));
        }
        return all;
    }

    private Response function(List<String> a) {
        if (a.get(0).equals("LIST")) {
            return list();
        }
        FunctionLibrary version = Versions.ALL.stream()
                .filter(library -> library.code().equals(a.get(1)))
                .findFirst()
                .orElseThrow();
        if (libraries.containsKey(version.name())) {
            throw new LuaError("ERR Library '" + version.name() + "' already exists");
        }
        load(version);
        world.trace("redis: " + version.name() + " is loaded");
        return bulk(version.name());
    }

    private void load(FunctionLibrary version) {
        libraries.put(
                version.name(), new LuaLibrary(version.code(), (command, arguments) -> keys.call(command, arguments)));
    }

    private Response list() {
        MultiType all = MultiType.create(libraries.size(), false);
        for (String name : libraries.keySet()) {
            MultiType library = MultiType.create(2, false);
            library.add(bulk("library_name"));
            library.add(bulk(name));
            all.add(library);
        }
        return all;
    }

    private Response set(List<String> a) {
        String before = keys.text(a.get(0));
        boolean onlyNew = a.contains("NX");
        if (!onlyNew || before == null) {
            keys.setText(a.get(0), a.get(1));
        }
        if (a.contains("GET")) {
            return before == null ? null : bulk(before);
        }
        return SimpleStringType.OK;
    }

    static Response bulk(String text) {
        return BulkType.create(Buffer.buffer(text), false);
    }

    /** As Redis turns a Lua value into a reply. */
    private static Response reply(LuaValue value) {
        if (value.isnil() || (value.isboolean() && !value.toboolean())) {
            return null;
        } else if (value.isboolean()) {
            return NumberType.create(1);
        } else if (value.type() == LuaValue.TNUMBER) {
            return NumberType.create((long) value.todouble());
        } else if (value.type() == LuaValue.TSTRING) {
            return bulk(value.tojstring());
        }
        LuaValue error = value.get("err");
        if (!error.isnil()) {
            return ErrorType.create(error.tojstring());
        }
        List<Response> items = new ArrayList<>();
        for (int i = 1; !value.get(i).isnil(); i++) {
            items.add(reply(value.get(i)));
        }
        MultiType list = MultiType.create(items.size(), false);
        items.forEach(list::add);
        return list;
    }
}
