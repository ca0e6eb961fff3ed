package io.seckill.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.kubernetes.client.util.ModelMapper;
import io.kubernetes.client.util.Yaml;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What an API server would refuse in a manifest: unknown fields, wrong types, missing fields. Two sets of models are asked,
 * since neither sees everything: those of io.kubernetes know which fields must be there, and both know which there are.
 * {@link Shapes} adds the types of plain values, on which both are lenient.
 */
final class StrictModels {
    private StrictModels() {}

    static List<String> violations(Manifests manifests) {
        return manifests.documents().stream()
                .flatMap(document -> violations(document).stream())
                .toList();
    }

    private static List<String> violations(JsonObject document) {
        String apiVersion = document.get("apiVersion").getAsString();
        String kind = document.get("kind").getAsString();
        String what =
                kind + "/" + document.getAsJsonObject("metadata").get("name").getAsString();
        List<String> found = new ArrayList<>();
        Class<?> custom = CustomResources.MODELS.get(apiVersion + " " + kind);
        if (custom != null) {
            Shapes.check(document, custom, what, found);
            return found;
        }
        Class<?> model = ModelMapper.getApiTypeClass(apiVersion, kind);
        if (model == null || !Shapes.isModel(model)) {
            return List.of(what + ": no model knows " + apiVersion + " " + kind);
        }
        Shapes.check(document, model, what, found);
        try {
            Yaml.load(document.toString());
        } catch (IOException | RuntimeException e) {
            found.add(what + ": io.kubernetes cannot load it: " + e.getMessage());
        }
        byFabric8(document, what, found);
        return found;
    }

    private static void byFabric8(JsonObject document, String what, List<String> found) {
        Object model;
        try {
            model = Manifests.FABRIC8.unmarshal(document.toString());
        } catch (RuntimeException e) {
            found.add(what + ": fabric8 cannot load it: " + e.getMessage());
            return;
        }
        if (model instanceof GenericKubernetesResource) {
            found.add(what + ": fabric8 has no model for it");
        } else {
            leftOver(model, what, found);
        }
    }

    /** fabric8's models keep what they do not know. */
    private static void leftOver(Object value, String path, List<String> found) {
        if (value instanceof Collection<?> many) {
            many.forEach(one -> leftOver(one, path + "[]", found));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> leftOver(one, path + "." + key, found));
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.") && !(value instanceof Enum)) {
            for (Class<?> at = value.getClass(); at != Object.class; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        leftOver(value, field, path, found);
                    }
                }
            }
        }
    }

    private static void leftOver(Object owner, Field field, String path, List<String> found) {
        Object value;
        try {
            field.setAccessible(true);
            value = field.get(owner);
        } catch (IllegalAccessException e) {
            throw new LinkageError("was made accessible", e);
        }
        if (field.getName().equals("additionalProperties")) {
            if (value instanceof Map<?, ?> unknown && !unknown.isEmpty()) {
                found.add(path + ": fabric8 does not know " + unknown.keySet());
            }
        } else {
            leftOver(value, path + "." + field.getName(), found);
        }
    }

    /** Asks the model of io.kubernetes itself: fields that must be there, fields that may, lists and objects. */
    static void byModel(JsonElement json, Class<?> model, String path, List<String> found) {
        try {
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
        } catch (InvocationTargetException e) {
            found.add(path + ": " + e.getCause().getMessage());
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new LinkageError("every model has it: " + model, e);
        }
    }
}
