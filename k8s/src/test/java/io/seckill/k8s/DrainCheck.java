package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.Lifecycle;
import io.seckill.gateway.GatewayConfig;
import io.seckill.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A pod is not killed before it has drained, and a drain is long enough for what it waits for. */
final class DrainCheck {
    /** After the drain: what both mains leave for closing their connections, and the end of the JVM. */
    private static final int CLOSING_MS = 6_000;

    private DrainCheck() {}

    static List<String> violations(Manifests manifests) {
        List<String> found = new ArrayList<>();
        manifests.services().forEach(workload -> {
            PodEnvironment environment = PodEnvironment.of(workload, manifests);
            Object config = ServiceSettings.read(workload.program().orElseThrow(), environment.values())
                    .config();
            if (config instanceof GatewayConfig gateway) {
                if (preStopMs(workload) == 0) {
                    found.add(workload.name() + " has no preStop: proxies still send shoppers when it stops listening");
                }
                if (gateway.drainTimeoutMs() <= gateway.purchaseDeadlineMs()) {
                    found.add(workload.name() + " drains for less than a purchase may take");
                }
                long needed = preStopMs(workload) + gateway.unreadyMs() + gateway.drainTimeoutMs() + CLOSING_MS;
                grace(workload, needed, found);
            } else if (config instanceof WorkerConfig worker) {
                grace(workload, preStopMs(workload) + worker.drainTimeoutMs() + CLOSING_MS, found);
            }
        });
        return found;
    }

    private static void grace(Workload workload, long neededMs, List<String> found) {
        // Kubernetes' own default.
        long grace = Optional.ofNullable(workload.pod().getTerminationGracePeriodSeconds())
                .orElse(30L);
        if (grace * 1_000 < neededMs) {
            found.add(workload.name() + " may take " + neededMs + " ms to end, and is killed after " + grace + " s");
        }
    }

    private static long preStopMs(Workload workload) {
        Lifecycle lifecycle = workload.container().getLifecycle();
        return lifecycle == null
                        || lifecycle.getPreStop() == null
                        || lifecycle.getPreStop().getSleep() == null
                ? 0
                : lifecycle.getPreStop().getSleep().getSeconds() * 1_000;
    }
}
