package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.seckill.schema.amqp.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Whatever one manifest names in another is there. */
final class ReferenceCheck {
    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();

    private ReferenceCheck(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> violations(Manifests manifests) {
        ReferenceCheck check = new ReferenceCheck(manifests);
        check.namespaces();
        check.scaling();
        check.selectors();
        manifests.workloads().forEach(check::pod);
        check.operators();
        check.roles();
        return check.found;
    }

    private static String name(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private void namespaces() {
        manifests.objects().stream()
                .filter(object -> !(object instanceof Namespace))
                .filter(object -> manifests
                        .find(
                                Namespace.class,
                                String.valueOf(object.getMetadata().getNamespace()))
                        .isEmpty())
                .forEach(object -> found.add(name(object) + " is in no namespace of these"));
        Set<String> seen = new HashSet<>();
        manifests.objects().stream()
                .map(ReferenceCheck::name)
                .filter(name -> !seen.add(name))
                .forEach(name -> found.add(name + " is there twice"));
    }

    private void scaling() {
        Set<String> scaled = new HashSet<>();
        for (HorizontalPodAutoscaler autoscaler : manifests.all(HorizontalPodAutoscaler.class)) {
            target(name(autoscaler), autoscaler.getSpec().getScaleTargetRef().getName(), scaled);
            if (!autoscaler.getSpec().getScaleTargetRef().getKind().equals("Deployment")) {
                found.add(name(autoscaler) + " scales something else than a Deployment");
            }
        }
        for (GenericKubernetesResource scaler : manifests.custom("ScaledObject")) {
            target(name(scaler), scaler.get("spec", "scaleTargetRef", "name"), scaled);
            queue(scaler);
        }
    }

    private void target(String scaler, String target, Set<String> scaled) {
        manifests
                .find(Deployment.class, target)
                .ifPresentOrElse(
                        deployment -> {
                            if (deployment.getSpec().getReplicas() != null) {
                                found.add(scaler + " and Deployment/" + target + " both say how many there are");
                            }
                        },
                        () -> found.add(scaler + " scales Deployment/" + target + ", which is not there"));
        if (!scaled.add(target)) {
            found.add(scaler + " is not the only one that scales " + target);
        }
    }

    private void queue(GenericKubernetesResource scaler) {
        String queue = scaler.get("spec", "triggers", 0, "metadata", "queueName");
        if (!new Topology("seckill").orderQueue().equals(queue)) {
            found.add(name(scaler) + " looks at the queue " + queue + ", which is not the orders'");
        }
        String authentication = scaler.get("spec", "triggers", 0, "authenticationRef", "name");
        if (manifests.custom("TriggerAuthentication").stream()
                .noneMatch(it -> it.getMetadata().getName().equals(authentication))) {
            found.add(name(scaler) + " authenticates by " + authentication + ", which is not there");
        }
    }

    private void selectors() {
        manifests
                .all(PodDisruptionBudget.class)
                .forEach(budget -> selects(name(budget), budget.getSpec().getSelector()));
        manifests.all(NetworkPolicy.class).stream()
                .filter(policy ->
                        !policy.getSpec().getPodSelector().getMatchLabels().isEmpty())
                .filter(policy -> !isOfOperator(policy.getSpec().getPodSelector()))
                .forEach(policy -> selects(name(policy), policy.getSpec().getPodSelector()));
        manifests.workloads().forEach(workload -> workload.pod().getTopologySpreadConstraints().stream()
                .filter(constraint -> !workload.isSelectedBy(constraint.getLabelSelector()))
                .forEach(constraint -> found.add(workload.name() + " spreads other pods than its own")));
        manifests.all(Deployment.class).forEach(it -> own(it, it.getSpec().getSelector()));
        manifests.all(StatefulSet.class).forEach(it -> {
            own(it, it.getSpec().getSelector());
            if (manifests.find(Service.class, it.getSpec().getServiceName()).isEmpty()) {
                found.add(name(it) + " has no Service " + it.getSpec().getServiceName());
            }
        });
        manifests
                .services()
                .filter(workload -> workload.owner() instanceof Deployment)
                .filter(workload -> manifests.all(PodDisruptionBudget.class).stream()
                        .noneMatch(
                                budget -> workload.isSelectedBy(budget.getSpec().getSelector())))
                .forEach(workload -> found.add(workload.name() + " has no PodDisruptionBudget"));
    }

    private void selects(String name, LabelSelector selector) {
        if (manifests.workloads().stream().noneMatch(workload -> workload.isSelectedBy(selector))) {
            found.add(name + " selects no pods: " + selector.getMatchLabels());
        }
    }

    private void own(HasMetadata owner, LabelSelector selector) {
        boolean itself = manifests.workloads().stream()
                .filter(workload -> workload.owner() == owner)
                .allMatch(workload -> workload.isSelectedBy(selector));
        long all = manifests.workloads().stream()
                .filter(workload -> workload.isSelectedBy(selector))
                .count();
        if (!itself || all != 1) {
            found.add(name(owner) + " selects other pods than its own");
        }
    }

    /** RabbitMQ's operator labels its pods with the cluster's name. */
    private boolean isOfOperator(LabelSelector selector) {
        return manifests.custom("RabbitmqCluster").stream().anyMatch(cluster -> cluster.getMetadata()
                .getName()
                .equals(selector.getMatchLabels().get("app.kubernetes.io/name")));
    }

    private void pod(Workload workload) {
        String account = workload.pod().getServiceAccountName();
        if (account != null && manifests.find(ServiceAccount.class, account).isEmpty()) {
            found.add(workload.name() + " runs as " + account + ", which is not there");
        }
        Set<String> volumes = new HashSet<>();
        workload.pod().getVolumes().forEach(volume -> {
            volumes.add(volume.getName());
            volume(workload, volume);
        });
        if (workload.owner() instanceof StatefulSet set) {
            set.getSpec()
                    .getVolumeClaimTemplates()
                    .forEach(claim -> volumes.add(claim.getMetadata().getName()));
        }
        workload.container().getVolumeMounts().stream()
                .filter(mount -> !volumes.contains(mount.getName()))
                .forEach(mount -> found.add(workload.name() + " mounts " + mount.getName() + ", which is not there"));
        workload.container().getEnv().stream()
                .map(EnvVar::getValueFrom)
                .filter(Objects::nonNull)
                .map(source -> source.getSecretKeyRef())
                .filter(Objects::nonNull)
                .forEach(reference -> secret(workload.name(), reference.getName(), reference.getKey()));
    }

    private void volume(Workload workload, Volume volume) {
        if (volume.getConfigMap() != null) {
            String name = volume.getConfigMap().getName();
            if (manifests.find(ConfigMap.class, name).isEmpty()
                    && Repository.creates("configmap " + name).isEmpty()) {
                found.add(workload.name() + " mounts the ConfigMap " + name + ", which is not there");
            }
        }
    }

    private void operators() {
        for (GenericKubernetesResource authentication : manifests.custom("TriggerAuthentication")) {
            String user = name(authentication);
            parameters(authentication, "secretTargetRef").forEach(it -> secret(user, it.get("name"), it.get("key")));
            parameters(authentication, "configMapTargetRef")
                    .forEach(it -> configMap(user, it.get("name"), it.get("key")));
        }
        for (GenericKubernetesResource cluster : manifests.custom("RabbitmqCluster")) {
            String name = cluster.get("spec", "tls", "secretName");
            if (name != null && Repository.creates("secret tls " + name).isEmpty()) {
                found.add(name(cluster) + " wants the certificate " + name
                        + ", which README.md does not say how to create");
            }
        }
    }

    private static List<Map<String, String>> parameters(GenericKubernetesResource authentication, String source) {
        List<Map<String, String>> parameters = authentication.get("spec", source);
        return parameters == null ? List.of() : parameters;
    }

    /** There, with the key, or else somebody is told to create it. */
    private void secret(String user, String name, String key) {
        boolean there = manifests
                .secret(name)
                .map(secret -> secret.getData().containsKey(key))
                .orElseGet(() -> Repository.creates("secret generic " + name).contains("--from-literal=" + key + "="));
        if (!there) {
            found.add(
                    user + " wants " + key + " of the Secret " + name + ", which README.md does not say how to create");
        }
    }

    private void configMap(String user, String name, String key) {
        boolean there = manifests
                .find(ConfigMap.class, name)
                .map(map -> map.getData().containsKey(key))
                .orElseGet(() -> Repository.creates("configmap " + name).contains("--from-file=" + key + "="));
        if (!there) {
            found.add(user + " wants " + key + " of the ConfigMap " + name
                    + ", which README.md does not say how to create");
        }
    }

    private void roles() {
        for (RoleBinding binding : manifests.all(RoleBinding.class)) {
            Stream.concat(
                            binding.getSubjects().stream()
                                    .filter(it -> manifests
                                            .find(ServiceAccount.class, it.getName())
                                            .isEmpty())
                                    .map(it -> it.getName()),
                            Stream.of(binding.getRoleRef().getName())
                                    .filter(it -> manifests.find(Role.class, it).isEmpty()))
                    .forEach(it -> found.add(name(binding) + " names " + it + ", which is not there"));
        }
        manifests.all(Role.class).stream()
                .flatMap(role -> role.getRules().stream())
                .filter(rule -> rule.getResources().contains("horizontalpodautoscalers"))
                .flatMap(rule -> rule.getResourceNames().stream())
                .filter(it -> manifests.find(HorizontalPodAutoscaler.class, it).isEmpty())
                .forEach(it -> found.add("a Role is for the autoscaler " + it + ", which is not there"));
    }
}
