package io.seckill.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A rendered overlay with a defect. A path is a list of names and of places in lists, with a slash between. */
final class Doctored {
    private final List<JsonObject> documents;

    Doctored(String overlay) {
        documents = new ArrayList<>(Rendered.documents(overlay));
    }

    /** A field gets another value, in JSON. In a list the place after the last one appends. */
    Doctored set(String object, String path, String json) {
        JsonElement value = JsonParser.parseString(json);
        JsonElement parent = parent(object, path);
        if (parent.isJsonObject()) {
            parent.getAsJsonObject().add(last(path), value);
        } else if (parent.getAsJsonArray().size() == Integer.parseInt(last(path))) {
            parent.getAsJsonArray().add(value);
        } else {
            parent.getAsJsonArray().set(Integer.parseInt(last(path)), value);
        }
        return this;
    }

    /** A field that is there is taken away. */
    Doctored without(String object, String path) {
        JsonElement parent = parent(object, path);
        JsonElement was = parent.isJsonObject()
                ? parent.getAsJsonObject().remove(last(path))
                : parent.getAsJsonArray().remove(Integer.parseInt(last(path)));
        if (was == null) {
            throw new AssertionError(object + " has no " + path);
        }
        return this;
    }

    /** An object is taken away as a whole. */
    Doctored without(String object) {
        documents.remove(object(object));
        return this;
    }

    /** Enough for a check that looks at the documents only; fabric8 cannot load every defect. */
    Manifests untyped() {
        return new Manifests(documents, List.of());
    }

    Manifests typed() {
        return Manifests.of(documents);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private JsonElement parent(String object, String path) {
        JsonElement at = object(object);
        String[] steps = path.split("/", -1);
        for (String step : Arrays.asList(steps).subList(0, steps.length - 1)) {
            at = at instanceof JsonArray list
                    ? list.get(Integer.parseInt(step))
                    : at.getAsJsonObject().get(step);
        }
        return at;
    }

    /** By kind and name; generated names have a hash at their end. */
    private JsonObject object(String object) {
        String kind = object.substring(0, object.indexOf('/'));
        String name = object.substring(object.indexOf('/') + 1);
        return documents.stream()
                .filter(document -> document.get("kind").getAsString().equals(kind))
                .filter(document -> document.getAsJsonObject("metadata")
                        .get("name")
                        .getAsString()
                        .matches(name + "(-[a-z0-9]{10})?"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + object));
    }
}
