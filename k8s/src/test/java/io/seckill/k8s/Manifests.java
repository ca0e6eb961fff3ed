package io.seckill.k8s;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What one overlay renders to. The checks read it by fabric8's models; whether they can take every field is asked first, by
 * {@link StrictModels}.
 *
 * @param documents as they were rendered
 * @param objects the same, typed
 */
record Manifests(List<JsonObject> documents, List<HasMetadata> objects) {
    /** Slow to make. Safe for use by several threads. */
    static final KubernetesSerialization FABRIC8 = new KubernetesSerialization();

    static Manifests of(String yaml) {
        Iterable<Object> loaded = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml);
        Gson gson = new Gson();
        return of(StreamSupport.stream(loaded.spliterator(), false)
                .map(document -> gson.toJsonTree(document).getAsJsonObject())
                .toList());
    }

    static Manifests of(List<JsonObject> documents) {
        return new Manifests(
                documents,
                documents.stream()
                        .map(document -> (HasMetadata) FABRIC8.unmarshal(document.toString()))
                        .toList());
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> Optional<T> find(Class<T> type, String name) {
        return all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    List<GenericKubernetesResource> custom(String kind) {
        return all(GenericKubernetesResource.class).stream()
                .filter(object -> object.getKind().equals(kind))
                .toList();
    }

    /** A value of a ConfigMap. */
    Optional<String> configured(String map, String key) {
        return find(ConfigMap.class, map).map(found -> found.getData().get(key));
    }

    Optional<Secret> secret(String name) {
        return find(Secret.class, name);
    }

    /** All that makes pods. */
    List<Workload> workloads() {
        List<Workload> workloads = new ArrayList<>();
        all(Deployment.class)
                .forEach(it -> workloads.add(workload(it, it.getSpec().getTemplate())));
        all(StatefulSet.class)
                .forEach(it -> workloads.add(workload(it, it.getSpec().getTemplate())));
        all(Job.class).forEach(it -> workloads.add(workload(it, it.getSpec().getTemplate())));
        all(CronJob.class)
                .forEach(it -> workloads.add(
                        workload(it, it.getSpec().getJobTemplate().getSpec().getTemplate())));
        return workloads;
    }

    private static Workload workload(HasMetadata owner, PodTemplateSpec template) {
        return new Workload(owner, template);
    }

    /** The workloads whose pods run a program of ours. */
    Stream<Workload> services() {
        return workloads().stream().filter(workload -> workload.program().isPresent());
    }
}
