package io.seckill.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What podman is given to play is what the local overlay has, but for what {@code k8s/podman/kustomization.yaml} says. */
class PodmanManifestsIT {
    private static final Manifests LOCAL = Rendered.overlay("local");
    private static Manifests podman;

    @BeforeAll
    static void render() {
        podman = Manifests.of(Kustomize.find().render(Repository.root().resolve("k8s/podman")));
    }

    @ParameterizedTest
    @CsvSource({"Deployment,gateway", "Deployment,order-worker", "Job,schema"})
    void shouldGiveEachPodTheSameEnvironment(String kind, String name) {
        Map<String, String> expected = new TreeMap<>();
        environment(LOCAL, kind, name)
                .forEach((variable, value) -> expected.put(
                        variable,
                        value.replaceAll("\\bseckill-(redis|amqp|mysql)\\b", "127.0.0.1")
                                + (variable.matches("SECKILL_(GATEWAY|WORKER)_MYSQL_USER") ? "@127.0.0.1" : "")));

        assertEquals(expected, new TreeMap<>(environment(podman, kind, name)));
    }

    @ParameterizedTest
    @CsvSource({"Deployment,gateway", "Deployment,order-worker", "Job,schema"})
    void shouldLeaveTheRestAsItIs(String kind, String name) {
        assertEquals(rest(LOCAL, kind, name), rest(podman, kind, name));
    }

    private static Map<String, String> environment(Manifests manifests, String kind, String name) {
        return manifests
                .services()
                .filter(workload -> workload.name().equals(kind + "/" + name))
                .map(workload -> PodEnvironment.of(workload, manifests))
                .findFirst()
                .orElseThrow()
                .values();
    }

    /** Without what the environment is made of, and what one network for all does not have. */
    private static JsonObject rest(Manifests manifests, String kind, String name) {
        JsonObject object = manifests.documents().stream()
                .filter(document -> document.get("kind").getAsString().equals(kind))
                .filter(document -> document.getAsJsonObject("metadata")
                        .get("name")
                        .getAsString()
                        .equals(name))
                .findFirst()
                .orElseThrow()
                .deepCopy();
        JsonObject spec = object.getAsJsonObject("spec");
        spec.remove("replicas");
        JsonObject pod = spec.getAsJsonObject("template").getAsJsonObject("spec");
        pod.remove("hostNetwork");
        JsonObject container = pod.getAsJsonArray("containers").get(0).getAsJsonObject();
        List.of("env", "envFrom", "ports", "startupProbe", "livenessProbe", "readinessProbe")
                .forEach(container::remove);
        return object;
    }
}
