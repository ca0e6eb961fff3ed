package io.seckill.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether JSON has the types that a class declares, to the last plain value: no text for a number, no number for a text. The
 * classes are models of io.kubernetes, or records of ours whose components are all the fields that there may be.
 */
final class Shapes {
    /** A component of a record that may be left out. */
    @Target(ElementType.RECORD_COMPONENT)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Optional {}

    private Shapes() {}

    /** Of Kubernetes itself; for what it does not know, io.kubernetes has a class that takes anything. */
    static boolean isModel(Class<?> type) {
        return type.getPackageName().equals("io.kubernetes.client.openapi.models");
    }

    static void check(JsonElement json, Type type, String path, List<String> found) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            checkMany(json, arguments[arguments.length - 1], generic.getRawType() == Map.class, path, found);
        } else if (type instanceof Class<?> model) {
            if (model.isRecord()) {
                checkRecord(json, model, path, found);
            } else if (isModel(model)) {
                checkModel(json, model, path, found);
            } else {
                checkValue(json, model, path, found);
            }
        } else {
            throw new AssertionError("no such type was expected: " + type);
        }
    }

    private static void checkMany(JsonElement json, Type one, boolean map, String path, List<String> found) {
        if (map ? !json.isJsonObject() : !json.isJsonArray()) {
            found.add(path + " is no " + (map ? "map" : "list") + ": " + json);
        } else if (map) {
            json.getAsJsonObject().entrySet().forEach(e -> check(e.getValue(), one, path + "." + e.getKey(), found));
        } else {
            json.getAsJsonArray().forEach(each -> check(each, one, path + "[]", found));
        }
    }

    private static void checkModel(JsonElement json, Class<?> model, String path, List<String> found) {
        if (!json.isJsonObject()) {
            found.add(path + " is no object: " + json);
            return;
        }
        StrictModels.byModel(json, model, path, found);
        Map<String, Type> types = new HashMap<>();
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null) {
                types.put(name.value(), field.getGenericType());
            }
        }
        checkFields(json.getAsJsonObject(), types, path, found);
    }

    private static void checkRecord(JsonElement json, Class<?> model, String path, List<String> found) {
        if (!json.isJsonObject()) {
            found.add(path + " is no object: " + json);
            return;
        }
        Map<String, Type> types = new HashMap<>();
        Set<String> missing = new HashSet<>();
        for (RecordComponent component : model.getRecordComponents()) {
            types.put(component.getName(), component.getGenericType());
            if (component.getAnnotation(Optional.class) == null
                    && !json.getAsJsonObject().has(component.getName())) {
                missing.add(component.getName());
            }
        }
        if (!missing.isEmpty()) {
            found.add(path + " lacks " + missing);
        }
        checkFields(json.getAsJsonObject(), types, path, found);
    }

    private static void checkFields(JsonObject json, Map<String, Type> types, String path, List<String> found) {
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            Type type = types.get(entry.getKey());
            if (type == null) {
                found.add(path + " has an unknown field: " + entry.getKey());
            } else {
                check(entry.getValue(), type, path + "." + entry.getKey(), found);
            }
        }
    }

    private static void checkValue(JsonElement json, Class<?> type, String path, List<String> found) {
        if (type == Object.class) {
            return;
        }
        if (!json.isJsonPrimitive() || !fits(json.getAsJsonPrimitive(), type)) {
            found.add(path + " is no " + type.getSimpleName() + ": " + json);
        }
    }

    private static boolean fits(JsonPrimitive value, Class<?> type) {
        if (List.of(Integer.class, Long.class).contains(type)) {
            return isWhole(value);
        }
        if (type == Boolean.class) {
            return value.isBoolean();
        }
        if (type == IntOrString.class) {
            return value.isString() || isWhole(value);
        }
        if (type == Quantity.class) {
            return value.isString() || value.isNumber();
        }
        if (Arrays.asList(String.class, OffsetDateTime.class, byte[].class).contains(type)) {
            return value.isString();
        }
        throw new AssertionError("no such type was expected: " + type);
    }

    private static boolean isWhole(JsonPrimitive value) {
        return value.isNumber() && value.getAsString().matches("-?\\d+");
    }
}
