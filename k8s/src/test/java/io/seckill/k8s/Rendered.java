package io.seckill.k8s;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The overlays, each rendered once. */
final class Rendered {
    static final List<String> OVERLAYS = List.of("local", "production");

    private static final Map<String, Manifests> CACHE = new HashMap<>();

    private Rendered() {}

    static synchronized Manifests overlay(String name) {
        Manifests rendered = CACHE.get(name);
        if (rendered == null) {
            Kustomize kustomize = Kustomize.find();
            rendered = Manifests.of(kustomize.render(Repository.overlay(name)));
            CACHE.put(name, rendered);
        }
        return rendered;
    }

    /** Copies of the documents, for a test to change. */
    static List<JsonObject> documents(String overlay) {
        return overlay(overlay).documents().stream().map(JsonObject::deepCopy).toList();
    }
}
