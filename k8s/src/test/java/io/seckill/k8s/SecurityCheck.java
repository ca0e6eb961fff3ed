package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Kubernetes' Pod Security level {@code restricted}, and what goes beyond: nothing to write on, no token, limits, fixed images. */
final class SecurityCheck {
    private static final Pattern FIXED = Pattern.compile(".+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})");

    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();

    private SecurityCheck(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> violations(Manifests manifests) {
        SecurityCheck check = new SecurityCheck(manifests);
        manifests.all(Namespace.class).stream()
                .filter(it ->
                        !"restricted".equals(it.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce")))
                .forEach(it -> check.found.add("the namespace does not enforce the level restricted"));
        manifests.workloads().forEach(check::pod);
        return check.found;
    }

    private void expect(boolean holds, Workload workload, String what) {
        if (!holds) {
            found.add(workload.name() + " " + what);
        }
    }

    private void pod(Workload workload) {
        PodSecurityContext context = workload.pod().getSecurityContext();
        expect(workload.pod().getContainers().size() == 1, workload, "has several containers, which no check looks at");
        expect(
                workload.pod().getInitContainers().isEmpty(),
                workload,
                "has an init container, which no check looks at");
        expect(context != null && isTrue(context.getRunAsNonRoot()), workload, "may run as root");
        expect(
                context != null && context.getRunAsUser() != null && context.getRunAsUser() > 0,
                workload,
                "has no user, which an image with a user's name needs");
        expect(
                context != null
                        && context.getSeccompProfile() != null
                        && context.getSeccompProfile().getType().equals("RuntimeDefault"),
                workload,
                "has no seccomp profile");
        expect(
                Boolean.FALSE.equals(workload.pod().getAutomountServiceAccountToken()) || mayCallKubernetes(workload),
                workload,
                "has a token for the Kubernetes API");
        expect(
                workload.pod().getVolumes().stream()
                        .allMatch(volume -> volume.getEmptyDir() != null || volume.getConfigMap() != null),
                workload,
                "has a volume of another kind than emptyDir and ConfigMap");
        container(workload, workload.container());
    }

    private boolean mayCallKubernetes(Workload workload) {
        return manifests.all(RoleBinding.class).stream()
                .filter(binding -> manifests
                        .find(Role.class, binding.getRoleRef().getName())
                        .isPresent())
                .flatMap(binding -> binding.getSubjects().stream())
                .anyMatch(subject -> subject.getName().equals(workload.pod().getServiceAccountName()));
    }

    private void container(Workload workload, Container container) {
        SecurityContext context = container.getSecurityContext();
        expect(
                context != null && Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()),
                workload,
                "may gain privileges");
        expect(context != null && isTrue(context.getReadOnlyRootFilesystem()), workload, "may write on its image");
        expect(
                context != null
                        && context.getCapabilities() != null
                        && context.getCapabilities().getDrop().equals(List.of("ALL"))
                        && context.getCapabilities().getAdd().isEmpty(),
                workload,
                "keeps capabilities");
        expect(
                container.getVolumeMounts().stream()
                        .anyMatch(mount -> mount.getMountPath().equals("/tmp")),
                workload,
                "has no /tmp");
        expect(
                FIXED.matcher(container.getImage()).matches()
                        && !container.getImage().endsWith(":latest"),
                workload,
                "runs whatever is the latest image: " + container.getImage());
        Map<String, Quantity> requests = container.getResources().getRequests();
        expect(requests.containsKey("cpu") && requests.containsKey("memory"), workload, "requests no CPU or memory");
        expect(container.getResources().getLimits().containsKey("memory"), workload, "has no limit of memory");
    }

    private static boolean isTrue(Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
