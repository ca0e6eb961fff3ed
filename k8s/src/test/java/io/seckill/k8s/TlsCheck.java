package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every link to a server is encrypted and verified, and RabbitMQ's operator offers no other. */
final class TlsCheck {
    /** By the beginning of their values. */
    private static final Map<String, String> WANTED = Map.of(
            "SECKILL_REDIS_URI", "rediss",
            "SECKILL_AMQP_URI", "amqps://",
            "SECKILL_MYSQL_TLS", "verify",
            "SECKILL_TLS_CA", "/");

    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();

    private TlsCheck(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> violations(Manifests manifests) {
        TlsCheck check = new TlsCheck(manifests);
        manifests.services().forEach(check::links);
        manifests.custom("RabbitmqCluster").forEach(check::cluster);
        manifests.custom("ScaledObject").forEach(check::scaler);
        return check.found;
    }

    private void links(Workload workload) {
        Map<String, String> environment = PodEnvironment.of(workload, manifests).values();
        WANTED.forEach((name, beginning) -> {
            if (!environment.getOrDefault(name, "").startsWith(beginning)) {
                found.add(workload.name() + " has a " + name + " that does not begin with " + beginning);
            }
        });
    }

    private void cluster(GenericKubernetesResource cluster) {
        if (!Boolean.TRUE.equals(cluster.get("spec", "tls", "disableNonTLSListeners"))
                || cluster.get("spec", "tls", "secretName") == null) {
            found.add("RabbitmqCluster/" + cluster.getMetadata().getName() + " listens without TLS");
        }
    }

    private void scaler(GenericKubernetesResource scaler) {
        String host = scaler.get("spec", "triggers", 0, "metadata", "host");
        if (!host.startsWith("amqps://")) {
            found.add("KEDA asks " + host + " for the queue without TLS");
        }
        String name = scaler.get("spec", "triggers", 0, "authenticationRef", "name");
        manifests.custom("TriggerAuthentication").stream()
                .filter(it -> it.getMetadata().getName().equals(name))
                .forEach(this::verified);
    }

    /** KEDA takes both parameters from Secrets or ConfigMaps only. */
    private void verified(GenericKubernetesResource authentication) {
        List<Map<String, String>> parameters = authentication.get("spec", "configMapTargetRef");
        boolean enabled = parameters.stream()
                .filter(it -> it.get("parameter").equals("tls"))
                .anyMatch(it -> manifests
                        .find(ConfigMap.class, it.get("name"))
                        .filter(map -> "enable".equals(map.getData().get(it.get("key"))))
                        .isPresent());
        if (!enabled) {
            found.add("KEDA's TLS is not enabled");
        }
        if (parameters.stream().noneMatch(it -> it.get("parameter").equals("ca"))) {
            found.add("KEDA is told of no CA to believe");
        }
    }
}
