package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container's environment as the kubelet would make it. A Secret that the manifests do not bring stands in by a value of
 * the right form, and so does a mounted file.
 *
 * @param values by name
 * @param helpers names that only other values are made of
 * @param violations what cannot be resolved
 */
record PodEnvironment(Map<String, String> values, Set<String> helpers, List<String> violations) {
    /** A secret of enough bytes, in base64url, and a password that a URI takes as it is. */
    private static final String SECRET = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("x".repeat(32).getBytes(StandardCharsets.US_ASCII));

    private static final Map<String, String> STAND_INS = Map.of(
            "redis-password", "0123abcd",
            "amqp-password", "4567cdef",
            "mysql-password", "89abcdef",
            "jwt-keys", "k1:" + SECRET,
            "payment-secrets", SECRET);
    private static final String REDIS_PORT = "6379";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    static PodEnvironment of(Workload workload, Manifests manifests) {
        PodEnvironment environment = new PodEnvironment(new LinkedHashMap<>(), new HashSet<>(), new ArrayList<>());
        for (EnvFromSource source : workload.container().getEnvFrom()) {
            environment.addAll(source, workload, manifests);
        }
        for (EnvVar variable : workload.container().getEnv()) {
            environment.add(variable, workload, manifests);
        }
        environment.mount(workload);
        return environment;
    }

    /** A file of a mounted ConfigMap stands in by a certificate, which is what the services are given as files. */
    private void mount(Workload workload) {
        for (VolumeMount mount : workload.container().getVolumeMounts()) {
            boolean brings = workload.pod().getVolumes().stream()
                    .anyMatch(volume -> volume.getName().equals(mount.getName()) && volume.getConfigMap() != null);
            if (brings) {
                values.replaceAll((name, value) ->
                        value.startsWith(mount.getMountPath() + "/") ? Repository.certificate() : value);
            }
        }
    }

    private void addAll(EnvFromSource source, Workload workload, Manifests manifests) {
        if (source.getConfigMapRef() == null) {
            violations.add(workload.name() + " takes a whole Secret for its environment; name the keys");
            return;
        }
        String name = source.getConfigMapRef().getName();
        manifests
                .find(ConfigMap.class, name)
                .ifPresentOrElse(
                        map -> values.putAll(map.getData()),
                        () -> violations.add(
                                workload.name() + " wants the ConfigMap " + name + ", which is not there"));
    }

    /** Of Redis, or of each of the Sentinels that lead to it. */
    List<String> redisAddresses() {
        String address = values.getOrDefault("REDIS_ADDRESS", "");
        return hasSentinels() ? List.of(address.replaceFirst("#[^#]+$", "").split(",", -1)) : List.of(address);
    }

    private boolean hasSentinels() {
        return values.getOrDefault("REDIS_SCHEME", "").endsWith("-sentinel");
    }

    /**
     * Of the three servers, as far as they have addresses; what is none, {@link PortCheck} says. Where Sentinels lead to
     * Redis, it is on the port that is usual.
     */
    List<Integer> serverPorts() {
        List<String> addresses = new ArrayList<>(redisAddresses());
        if (hasSentinels()) {
            addresses.add(REDIS_PORT);
        }
        addresses.add(values.getOrDefault("AMQP_ADDRESS", ""));
        addresses.add(values.getOrDefault("SECKILL_MYSQL_PORT", ""));
        return addresses.stream()
                .map(address -> address.substring(address.indexOf(':') + 1))
                .filter(port -> port.matches("\\d+"))
                .map(Integer::valueOf)
                .toList();
    }

    private void add(EnvVar variable, Workload workload, Manifests manifests) {
        EnvVarSource source = variable.getValueFrom();
        if (source == null) {
            values.put(variable.getName(), expanded(variable, workload));
        } else if (source.getSecretKeyRef() != null) {
            secret(source.getSecretKeyRef(), workload, manifests)
                    .ifPresent(value -> values.put(variable.getName(), value));
        } else if (source.getConfigMapKeyRef() != null) {
            String map = source.getConfigMapKeyRef().getName();
            String key = source.getConfigMapKeyRef().getKey();
            manifests
                    .configured(map, key)
                    .ifPresentOrElse(
                            value -> values.put(variable.getName(), value),
                            () -> violations.add(workload.name() + " wants " + key + " of the ConfigMap " + map));
        } else if (source.getFieldRef() != null
                && source.getFieldRef().getFieldPath().equals("metadata.name")) {
            values.put(variable.getName(), workload.owner().getMetadata().getName() + "-6d4cf56db6-x2x4z");
        } else {
            violations.add(workload.name() + ": nobody knows where " + variable.getName() + " comes from");
        }
    }

    private String expanded(EnvVar variable, Workload workload) {
        Matcher reference = REFERENCE.matcher(variable.getValue());
        return reference.replaceAll(match -> {
            String name = match.group(1);
            helpers.add(name);
            if (!values.containsKey(name)) {
                violations.add(workload.name() + ": " + variable.getName() + " is made of " + name
                        + ", which is not there or comes later");
            }
            return Matcher.quoteReplacement(values.getOrDefault(name, ""));
        });
    }

    private Optional<String> secret(SecretKeySelector reference, Workload workload, Manifests manifests) {
        String value = manifests
                .secret(reference.getName())
                .map(secret -> new String(
                        Base64.getMimeDecoder().decode(secret.getData().getOrDefault(reference.getKey(), "")),
                        StandardCharsets.UTF_8))
                .orElse(STAND_INS.getOrDefault(reference.getKey(), ""));
        if (value.isEmpty() && !Boolean.TRUE.equals(reference.getOptional())) {
            violations.add(workload.name() + " wants " + reference.getKey() + " of the Secret " + reference.getName());
        }
        return Optional.of(value).filter(it -> !it.isEmpty());
    }
}
