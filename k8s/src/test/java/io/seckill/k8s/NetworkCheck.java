package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Nothing is open that is not named, the management port is for monitoring alone, and every named port is there. */
final class NetworkCheck {
    private static final int DNS = 53;

    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();

    private NetworkCheck(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> violations(Manifests manifests) {
        NetworkCheck check = new NetworkCheck(manifests);
        if (manifests.all(NetworkPolicy.class).stream().noneMatch(NetworkCheck::deniesAll)) {
            check.found.add("no NetworkPolicy denies by default");
        }
        manifests.all(NetworkPolicy.class).forEach(check::policy);
        manifests.services().forEach(check::reachable);
        return check.found;
    }

    private static boolean deniesAll(NetworkPolicy policy) {
        return selectsAll(policy.getSpec().getPodSelector())
                && policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress"))
                && policy.getSpec().getIngress().isEmpty()
                && policy.getSpec().getEgress().isEmpty();
    }

    private static boolean selectsAll(LabelSelector selector) {
        return selector.getMatchLabels().isEmpty()
                && selector.getMatchExpressions().isEmpty();
    }

    private List<Workload> selected(LabelSelector selector) {
        return manifests.workloads().stream()
                .filter(workload -> workload.isSelectedBy(selector))
                .toList();
    }

    private void policy(NetworkPolicy policy) {
        String name = "NetworkPolicy/" + policy.getMetadata().getName();
        for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
            selected(policy.getSpec().getPodSelector()).forEach(workload -> ingress(name, rule, workload));
        }
        for (NetworkPolicyEgressRule rule : policy.getSpec().getEgress()) {
            egress(name, rule);
        }
    }

    private void ingress(String name, NetworkPolicyIngressRule rule, Workload workload) {
        Optional<Integer> management = PortCheck.port(workload.container(), new IntOrString("management"));
        if (rule.getPorts().isEmpty()) {
            found.add(name + " opens every port of " + workload.name());
        }
        for (NetworkPolicyPort port : rule.getPorts()) {
            Optional<Integer> there = PortCheck.port(workload.container(), port.getPort());
            if (there.isEmpty()) {
                found.add(name + " opens " + port.getPort() + ", which " + workload.name() + " does not have");
            } else if (there.equals(management) && !isForMonitoring(rule.getFrom())) {
                found.add(name + " opens the management port of " + workload.name() + " to more than monitoring");
            }
        }
    }

    private static boolean isForMonitoring(List<NetworkPolicyPeer> from) {
        return !from.isEmpty()
                && from.stream()
                        .allMatch(peer -> peer.getNamespaceSelector() != null
                                && "true"
                                        .equals(peer.getNamespaceSelector()
                                                .getMatchLabels()
                                                .get("seckill.io/monitoring")));
    }

    private void egress(String name, NetworkPolicyEgressRule rule) {
        if (rule.getTo().isEmpty() && rule.getPorts().isEmpty()) {
            found.add(name + " lets everything out");
        }
        for (NetworkPolicyPeer peer : rule.getTo()) {
            // In another namespace its pods are somebody else's.
            if (peer.getPodSelector() == null || peer.getNamespaceSelector() != null) {
                continue;
            }
            for (Workload target : selected(peer.getPodSelector())) {
                rule.getPorts().stream()
                        .filter(port -> PortCheck.port(target.container(), port.getPort())
                                .isEmpty())
                        .forEach(port -> found.add(
                                name + " leads to " + port.getPort() + ", which " + target.name() + " does not have"));
            }
        }
    }

    /** What a program of ours needs: its servers, and for the gateway its shoppers. */
    private void reachable(Workload workload) {
        List<NetworkPolicy> policies = manifests.all(NetworkPolicy.class).stream()
                .filter(policy -> workload.isSelectedBy(policy.getSpec().getPodSelector()))
                .toList();
        Set<Integer> wanted =
                new TreeSet<>(PodEnvironment.of(workload, manifests).serverPorts());
        wanted.add(DNS);
        for (int port : wanted) {
            boolean out = policies.stream()
                    .flatMap(policy -> policy.getSpec().getEgress().stream())
                    .flatMap(rule -> rule.getPorts().stream())
                    .anyMatch(open -> new IntOrString(port).equals(open.getPort()));
            if (!out) {
                found.add(workload.name() + " cannot reach port " + port + " of anybody");
            }
        }
        Optional<Integer> http = PortCheck.port(workload.container(), new IntOrString("http"));
        boolean in = policies.stream()
                .flatMap(policy -> policy.getSpec().getIngress().stream())
                .flatMap(rule -> rule.getPorts().stream())
                .anyMatch(open -> http.equals(PortCheck.port(workload.container(), open.getPort())));
        if (http.isPresent() && !in) {
            found.add("no shopper reaches " + workload.name());
        }
    }
}
