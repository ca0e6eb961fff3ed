package io.seckill.k8s;

import io.kubernetes.client.openapi.models.V1Affinity;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscalerBehavior;
import io.seckill.k8s.Shapes.Optional;
import java.util.List;
import java.util.Map;

/**
 * The resources of operators that the manifests use, each with the fields they use and no more: there are no models of them
 * to be had. After KEDA 2.16 and RabbitMQ's cluster operator 2.
 */
final class CustomResources {
    /** By API version and kind. */
    static final Map<String, Class<?>> MODELS = Map.of(
            "keda.sh/v1alpha1 ScaledObject", ScaledObject.class,
            "keda.sh/v1alpha1 TriggerAuthentication", TriggerAuthentication.class,
            "rabbitmq.com/v1beta1 RabbitmqCluster", RabbitmqCluster.class);

    private CustomResources() {}

    record ScaledObject(String apiVersion, String kind, V1ObjectMeta metadata, Scaling spec) {}

    record Scaling(
            Target scaleTargetRef,
            @Optional Integer pollingInterval,
            @Optional Integer minReplicaCount,
            @Optional Integer maxReplicaCount,
            @Optional Advanced advanced,
            List<Trigger> triggers) {}

    record Target(@Optional String apiVersion, @Optional String kind, String name) {}

    record Advanced(HpaConfig horizontalPodAutoscalerConfig) {}

    record HpaConfig(V2HorizontalPodAutoscalerBehavior behavior) {}

    record Trigger(
            String type, RabbitmqTrigger metadata, @Optional Reference authenticationRef) {}

    /** Every value is a text, numbers too. */
    record RabbitmqTrigger(@Optional String protocol, String host, String queueName, String mode, String value) {}

    record Reference(String name) {}

    record TriggerAuthentication(String apiVersion, String kind, V1ObjectMeta metadata, Authentication spec) {}

    record Authentication(
            List<Parameter> secretTargetRef, @Optional List<Parameter> configMapTargetRef) {}

    record Parameter(String parameter, String name, String key) {}

    record RabbitmqCluster(String apiVersion, String kind, V1ObjectMeta metadata, Cluster spec) {}

    record Cluster(
            @Optional Integer replicas,
            @Optional String image,
            @Optional Tls tls,
            @Optional Persistence persistence,
            @Optional V1ResourceRequirements resources,
            @Optional Rabbitmq rabbitmq,
            @Optional V1Affinity affinity,
            @Optional Overridden override) {}

    record Tls(String secretName, @Optional Boolean disableNonTLSListeners) {}

    record Persistence(@Optional String storageClassName, String storage) {}

    record Rabbitmq(@Optional String additionalConfig) {}

    record Overridden(StatefulSet statefulSet) {}

    record StatefulSet(StatefulSetSpec spec) {}

    record StatefulSetSpec(Template template) {}

    record Template(V1PodSpec spec) {}
}
