package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.seckill.gateway.GatewayConfig;
import io.seckill.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Where programs listen, what containers, Services, the Ingress, probes and addresses call it: the same ports everywhere. */
final class PortCheck {
    private static final String EVERYWHERE = "0.0.0.0";

    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();

    private PortCheck(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> violations(Manifests manifests) {
        PortCheck check = new PortCheck(manifests);
        manifests.services().forEach(check::listeners);
        manifests.workloads().forEach(check::probes);
        manifests.all(Service.class).forEach(check::service);
        manifests.all(Ingress.class).forEach(check::ingress);
        manifests.services().forEach(check::addresses);
        return check.found;
    }

    private void listeners(Workload workload) {
        Object config = ServiceSettings.read(
                        workload.program().orElseThrow(),
                        PodEnvironment.of(workload, manifests).values())
                .config();
        if (config instanceof GatewayConfig gateway) {
            listener(workload, "http", gateway.httpHost(), gateway.httpPort());
            listener(workload, "management", gateway.managementHost(), gateway.managementPort());
        } else if (config instanceof WorkerConfig worker) {
            listener(workload, "management", worker.managementHost(), worker.managementPort());
        }
    }

    private void listener(Workload workload, String name, String host, int port) {
        if (!host.equals(EVERYWHERE)) {
            found.add(workload.name() + " listens on " + host + " only");
        }
        Optional<Integer> declared = port(workload.container(), new IntOrString(name));
        if (!declared.equals(Optional.of(port))) {
            found.add(workload.name() + " listens on " + port + " as " + name + ", its container says " + declared);
        }
        Map<String, String> annotations = workload.template().getMetadata().getAnnotations();
        if (name.equals("management") && !Integer.toString(port).equals(annotations.get("prometheus.io/port"))) {
            found.add(workload.name() + " has its metrics on " + port + ", which its annotation does not say");
        }
    }

    /** The number behind a name or a number, if the container has it. */
    static Optional<Integer> port(Container container, IntOrString wanted) {
        return container.getPorts().stream()
                .filter(port -> Objects.equals(port.getName(), wanted.getStrVal())
                        || Objects.equals(port.getContainerPort(), wanted.getIntVal()))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    private void probes(Workload workload) {
        Container container = workload.container();
        Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(Objects::nonNull)
                .map(PortCheck::target)
                .filter(port -> port(container, port).isEmpty())
                .forEach(port -> found.add(workload.name() + " is probed on " + port + ", which it does not have"));
        if (container.getPorts().stream().anyMatch(port -> "management".equals(port.getName()))) {
            managementProbe(workload, "startup", container.getStartupProbe(), "/health/live");
            managementProbe(workload, "liveness", container.getLivenessProbe(), "/health/live");
            managementProbe(workload, "readiness", container.getReadinessProbe(), "/health/ready");
        }
    }

    private static IntOrString target(Probe probe) {
        return probe.getHttpGet() != null
                ? probe.getHttpGet().getPort()
                : probe.getTcpSocket().getPort();
    }

    /** A server that is away makes a pod unready, and must not restart it. That the paths are there, ProbedProcessIT shows. */
    private void managementProbe(Workload workload, String name, Probe probe, String path) {
        HTTPGetAction get = probe == null ? null : probe.getHttpGet();
        if (get == null || !get.getPath().equals(path) || !get.getPort().equals(new IntOrString("management"))) {
            found.add(workload.name() + " has no " + name + " probe that asks its management port for " + path);
        }
    }

    private void service(Service service) {
        String name = "Service/" + service.getMetadata().getName();
        List<Workload> behind = manifests.workloads().stream()
                .filter(workload -> workload.isSelectedBy(service.getSpec().getSelector()))
                .toList();
        if (behind.isEmpty()) {
            found.add(name + " selects no pods");
        }
        service.getSpec()
                .getPorts()
                .forEach(port -> behind.forEach(workload -> {
                    if (port(workload.container(), port.getTargetPort()).isEmpty()) {
                        found.add(name + " leads to " + port.getTargetPort() + ", which " + workload.name()
                                + " does not have");
                    } else if (port(workload.container(), port.getTargetPort())
                            .equals(port(workload.container(), new IntOrString("management")))) {
                        found.add(name + " leads to the management port of " + workload.name());
                    }
                }));
    }

    private void ingress(Ingress ingress) {
        ingress.getSpec().getRules().stream()
                .flatMap(rule -> rule.getHttp().getPaths().stream())
                .map(path -> path.getBackend().getService())
                .filter(backend -> manifests
                        .find(Service.class, backend.getName())
                        .filter(service -> service.getSpec().getPorts().stream()
                                .anyMatch(port -> isSame(backend, port.getName(), port.getPort())))
                        .isEmpty())
                .forEach(backend -> found.add("Ingress/" + ingress.getMetadata().getName() + " leads to "
                        + backend.getName() + ", which has no such port or is not there"));
    }

    private static boolean isSame(IngressServiceBackend backend, String name, Integer number) {
        return Objects.equals(backend.getPort().getName(), name)
                || Objects.equals(backend.getPort().getNumber(), number);
    }

    /** Addresses within the namespace. Those elsewhere have a dot in their name. */
    private void addresses(Workload workload) {
        PodEnvironment pod = PodEnvironment.of(workload, manifests);
        Map<String, String> environment = pod.values();
        pod.redisAddresses().forEach(address -> address(workload, address));
        address(workload, environment.getOrDefault("AMQP_ADDRESS", ""));
        address(
                workload,
                environment.getOrDefault("SECKILL_MYSQL_HOST", "") + ":"
                        + environment.getOrDefault("SECKILL_MYSQL_PORT", ""));
    }

    private void address(Workload workload, String address) {
        String[] parts = address.split(":", -1);
        if (parts.length != 2 || parts[0].isEmpty() || !parts[1].matches("\\d+")) {
            found.add(workload.name() + " is given '" + address + "' for host:port");
        } else if (!parts[0].contains(".") && !isOfOperator(parts[0])) {
            boolean there = manifests
                    .find(Service.class, parts[0])
                    .filter(service -> service.getSpec().getPorts().stream()
                            .anyMatch(port -> parts[1].equals(Integer.toString(port.getPort()))))
                    .isPresent();
            if (!there) {
                found.add(workload.name() + " is sent to " + address + ", which no Service has");
            }
        }
    }

    /** RabbitMQ's operator makes the Service of its cluster. */
    private boolean isOfOperator(String service) {
        return manifests.custom("RabbitmqCluster").stream()
                .anyMatch(cluster -> cluster.getMetadata().getName().equals(service));
    }
}
