package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that makes pods, and the pods that it makes. */
record Workload(HasMetadata owner, PodTemplateSpec template) {
    private static final Pattern OURS = Pattern.compile("(?:.*/)?seckill/(gateway|order-worker|schema)[:@].+");

    String name() {
        return owner.getKind() + "/" + owner.getMetadata().getName();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    Container container() {
        return pod().getContainers().get(0);
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    /** {@code gateway}, {@code order-worker} or {@code schema}, told by the image; empty for a server. */
    Optional<String> program() {
        Matcher image = OURS.matcher(container().getImage());
        return image.matches() ? Optional.of(image.group(1)) : Optional.empty();
    }

    boolean isSelectedBy(Map<String, String> wanted) {
        return labels().entrySet().containsAll(wanted.entrySet());
    }

    /** Only by labels: our selectors have no expressions. */
    boolean isSelectedBy(LabelSelector selector) {
        return selector.getMatchExpressions().isEmpty() && isSelectedBy(selector.getMatchLabels());
    }
}
