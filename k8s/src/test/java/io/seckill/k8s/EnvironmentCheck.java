package io.seckill.k8s;

import java.util.ArrayList;
import java.util.List;

/** Every variable is one that the program reads, every one that it needs is there, and it takes every value. */
final class EnvironmentCheck {
    private static final String LOCAL_ONLY = "SECKILL_DEMO_IDENTITY";

    private EnvironmentCheck() {}

    static List<String> violations(Manifests manifests) {
        List<String> found = new ArrayList<>();
        manifests.services().forEach(workload -> {
            PodEnvironment environment = PodEnvironment.of(workload, manifests);
            ServiceSettings settings = ServiceSettings.read(workload.program().orElseThrow(), environment.values());
            found.addAll(environment.violations());
            environment.values().keySet().stream()
                    .filter(name -> !settings.known().contains(name))
                    .filter(name -> !environment.helpers().contains(name))
                    .forEach(name -> found.add(workload.name() + " is given " + name + ", which it does not read"));
            if (environment.values().containsKey(LOCAL_ONLY)) {
                found.add(workload.name() + " is given " + LOCAL_ONLY + ", with which anybody is anybody");
            }
            settings.errors().forEach(error -> found.add(workload.name() + " would refuse to start: " + error));
        });
        return found;
    }
}
