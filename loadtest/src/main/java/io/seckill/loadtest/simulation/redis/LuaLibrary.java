package io.seckill.loadtest.simulation.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.OneArgFunction;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.StringLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JseBaseLib;
import org.luaj.vm2.lib.jse.JseMathLib;

/** A version of the product's own function library in one incarnation of Redis: what it keeps in Lua locals ends with this object. */
final class LuaLibrary {
    private static final Map<String, Prototype> COMPILED = new ConcurrentHashMap<>();

    private final Map<String, LuaValue> functions = new HashMap<>();

    /** What the library calls back for {@code redis.call}. */
    interface Commands {
        LuaValue call(String command, List<String> arguments);
    }

    LuaLibrary(String code, Commands commands) {
        Globals globals = new Globals();
        globals.load(new JseBaseLib());
        globals.load(new PackageLib());
        globals.load(new TableLib());
        globals.load(new StringLib());
        globals.load(new JseMathLib());
        LoadState.install(globals);
        // Redis speaks Lua 5.1, LuaJ 5.2; and LuaJ takes no precision.
        globals.set("unpack", globals.get("table").get("unpack"));
        LuaTable string = (LuaTable) globals.get("string");
        string.set("format", new Format());
        globals.set("redis", redis(commands));
        new LuaClosure(COMPILED.computeIfAbsent(code, LuaLibrary::compile), globals).call();
    }

    boolean has(String function) {
        return functions.containsKey(function);
    }

    /** @throws LuaError as Redis answers with an error */
    LuaValue call(String function, List<String> keys, List<String> arguments) {
        return functions.get(function).call(list(keys), list(arguments));
    }

    private LuaTable redis(Commands commands) {
        LuaTable redis = new LuaTable();
        redis.set("call", new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs arguments) {
                List<String> rest = new java.util.ArrayList<>(arguments.narg());
                for (int i = 2; i <= arguments.narg(); i++) {
                    rest.add(text(arguments.arg(i)));
                }
                return commands.call(arguments.checkjstring(1).toUpperCase(Locale.ROOT), rest);
            }
        });
        redis.set("error_reply", new OneArgFunction() {
            @Override
            public LuaValue call(LuaValue message) {
                LuaTable error = new LuaTable();
                error.set("err", message);
                return error;
            }
        });
        redis.set("register_function", new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs arguments) {
                LuaValue first = arguments.arg1();
                if (first.istable()) {
                    functions.put(first.get("function_name").tojstring(), first.get("callback"));
                } else {
                    functions.put(first.tojstring(), arguments.arg(2));
                }
                return NONE;
            }
        });
        return redis;
    }

    /** As Redis turns a number into an argument. */
    private static String text(LuaValue value) {
        if (value.type() == LuaValue.TNUMBER) {
            double number = value.todouble();
            return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
        }
        return value.tojstring();
    }

    private static LuaTable list(List<String> texts) {
        LuaTable table = new LuaTable(texts.size(), 0);
        for (int i = 0; i < texts.size(); i++) {
            table.rawset(i + 1, LuaValue.valueOf(texts.get(i)));
        }
        return table;
    }

    private static final class Format extends VarArgFunction {
        @Override
        public Varargs invoke(Varargs arguments) {
            String pattern = arguments.checkjstring(1);
            Object[] values = new Object[arguments.narg() - 1];
            for (int i = 0; i < values.length; i++) {
                LuaValue value = arguments.arg(i + 2);
                values[i] = value.type() == LuaValue.TNUMBER ? (Object) value.todouble() : value.tojstring();
            }
            if (pattern.equals("%.0f")) {
                return LuaValue.valueOf(Long.toString(Math.round((Double) values[0])));
            }
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof Double number && pattern.contains("%d")) {
                    values[i] = Math.round(number);
                }
            }
            return LuaValue.valueOf(String.format(Locale.ROOT, pattern, values));
        }
    }

    private static Prototype compile(String code) {
        try {
            // The first line is Redis' own, not Lua's.
            byte[] lua = ("--" + code).getBytes(StandardCharsets.UTF_8);
            return LuaC.instance.compile(new ByteArrayInputStream(lua), "seckill.lua");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
