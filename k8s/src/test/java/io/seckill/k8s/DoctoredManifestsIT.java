package io.seckill.k8s;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check notices what it is there for: one defect after the other in what else is right. */
class DoctoredManifestsIT {
    private static final String CONTAINER = "spec/template/spec/containers/0/";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "local      | Deployment/gateway                  | spec/template/spec/hostNetworks        | true        | hostNetworks",
                "local      | Deployment/gateway                  | spec/template/metadata/label           | {}          | label",
                "local      | Deployment/gateway                  | {c}ports/0/containerport               | 8080        | containerport",
                "local      | Deployment/gateway                  | {c}readinessProbe/httpGet/url          | `\"/\"`     | url",
                "local      | Service/gateway                     | spec/ports/0/port                      | `\"80\"`    | port is no Integer",
                "local      | Service/gateway                     | spec/selector/app                      | 1           | is no String",
                "local      | Deployment/order-worker             | spec/replicas                          | `\"two\"`   | replicas is no Integer",
                "local      | Deployment/order-worker             | spec/replicas                          | 2.5         | replicas is no Integer",
                "local      | Deployment/gateway                  | spec/template/spec/enableServiceLinks  | `\"false\"` | is no Boolean",
                "local      | Deployment/gateway                  | {c}env/0/value                         | 1           | value is no String",
                "local      | Deployment/gateway                  | {c}env                                 | {}          | env",
                "local      | Deployment/gateway                  | {c}resources                           | []          | resources",
                "local      | Deployment/gateway                  | {c}ports/0/protocol                    | {}          | protocol",
                "local      | NetworkPolicy/dns                   | spec/policyTypes                       | `\"Egress\"`| policyTypes",
                "production | ScaledObject/order-worker           | spec/minReplicas                       | 2           | minReplicas",
                "production | ScaledObject/order-worker           | spec/triggers/0/metadata/value         | 50          | value is no String",
                "production | RabbitmqCluster/seckill-amqp        | spec/replica                           | 3           | replica",
                "production | RabbitmqCluster/seckill-amqp        | spec/resources/limit                   | {}          | limit",
                "production | Ingress/gateway                     | spec/rules/0/http/paths/0/backend/serviceName | `\"x\"` | serviceName",
                "production | RabbitmqCluster/seckill-amqp        | spec/tls/secret                        | `\"x\"`     | secret",
                "production | TriggerAuthentication/order-queue   | spec/configMapTargetRef/0/secret       | `\"x\"`     | secret",
                "production | CronJob/before-sale                 | apiVersion                             | `\"batch/v1beta9\"` | no model knows",
            })
    void shouldNoticeUnknownFieldsAndWrongTypes(
            String overlay, String object, String path, String json, String expected) {
        expect(Check.MODELS, new Doctored(overlay).set(object, full(path), json).untyped(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local      | Deployment/gateway              | spec/selector                               | selector",
                "local      | Deployment/gateway              | {c}name                                     | name",
                "local      | Deployment/gateway              | {c}ports/0/containerPort                    | containerPort",
                "local      | Deployment/gateway              | {c}readinessProbe/httpGet/port              | port",
                "local      | Service/gateway                 | spec/ports/0/port                           | port",
                "local      | StatefulSet/redis               | spec/template                               | template",
                "local      | Job/schema                      | spec/template                               | template",
                "local      | HorizontalPodAutoscaler/gateway | spec/maxReplicas                            | maxReplicas",
                "production | Ingress/gateway                 | spec/rules/0/http/paths/0/pathType          | pathType",
                "production | RoleBinding/sale-prescaling     | roleRef                                     | roleRef",
                "production | CronJob/before-sale             | spec/schedule                               | schedule",
                "production | ScaledObject/order-worker       | spec/scaleTargetRef/name                    | name",
                "production | RabbitmqCluster/seckill-amqp    | spec/persistence/storage                    | storage",
            })
    void shouldNoticeMissingFields(String overlay, String object, String path, String expected) {
        expect(Check.MODELS, new Doctored(overlay).without(object, full(path)).untyped(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ENVIRONMENT | ConfigMap/gateway-settings  | data/SECKILL_EVENTLOOPS        | `\"2\"`    | SECKILL_EVENTLOOPS, which it does not read",
                "ENVIRONMENT | Deployment/order-worker     | {c}env/0/name                  | `\"SECKILL_JWT_KEYS\"` | SECKILL_JWT_KEYS, which it does not read",
                "ENVIRONMENT | ConfigMap/gateway-settings  | data/SECKILL_EVENT_LOOPS       | `\"many\"` | SECKILL_EVENT_LOOPS=many is not valid",
                "ENVIRONMENT | ConfigMap/gateway-settings  | data/SECKILL_DEMO_IDENTITY     | `\"false\"` | with which anybody is anybody",
                "ENVIRONMENT | ConfigMap/gateway-settings  | data/SECKILL_DEMO_IDENTITY     | `\"true\"` | SECKILL_HTTP_HOST is 0.0.0.0",
                "ENVIRONMENT | ConfigMap/seckill-settings  | data/SECKILL_PURCHASE_DEADLINE_MS | `\"5000\"` | SECKILL_OUTBOX_LEASE_MS",
                "ENVIRONMENT | Deployment/gateway          | {c}envFrom/0/configMapRef/name | `\"other\"` | ConfigMap other",
                "ENVIRONMENT | Deployment/gateway          | {c}env/1/valueFrom/secretKeyRef/key | `\"jwt\"` | jwt of the Secret",
                "PORTS       | Deployment/gateway          | {c}ports/0/containerPort       | 8081       | listens on 8080 as http",
                "PORTS       | ConfigMap/gateway-settings  | data/SECKILL_MANAGEMENT_PORT   | `\"9081\"` | listens on 9081 as management",
                "PORTS       | ConfigMap/order-worker-settings | data/SECKILL_MANAGEMENT_HOST | `\"127.0.0.1\"` | listens on 127.0.0.1 only",
                "PORTS       | Deployment/gateway          | {c}livenessProbe/httpGet/port  | `\"admin\"` | does not have",
                "PORTS       | Deployment/gateway          | {c}livenessProbe/httpGet/path  | `\"/health/ready\"` | no liveness probe",
                "PORTS       | Deployment/order-worker     | {c}readinessProbe/httpGet/path | `\"/health\"` | no readiness probe",
                "PORTS       | Service/gateway             | spec/ports/0/targetPort        | `\"web\"`  | does not have",
                "PORTS       | Service/gateway             | spec/ports/0/targetPort        | `\"management\"` | leads to the management port",
                "PORTS       | Service/gateway             | spec/selector                  | `{\"app\":\"x\"}` | selects no pods",
                "PORTS       | ConfigMap/seckill-servers   | data/REDIS_ADDRESS             | `\"seckill-redis:6380\"` | which no Service has",
                "PORTS       | ConfigMap/seckill-servers   | data/SECKILL_MYSQL_HOST        | `\"mysql\"` | which no Service has",
                "ENVIRONMENT | ConfigMap/schema-settings   | data/SECKILL_WORKER_MYSQL_USER | `\"a b\"` | SECKILL_WORKER_MYSQL_USER=a b is not valid",
                "PORTS       | Deployment/gateway          | spec/template/metadata/annotations | `{\"prometheus.io/port\":\"9090\"}` | annotation",
                "NETWORK     | NetworkPolicy/default-deny  | spec/policyTypes               | `[\"Ingress\"]` | denies by default",
                "NETWORK     | NetworkPolicy/shoppers      | spec/ingress/0/ports/0/port    | 9080       | to more than monitoring",
                "NETWORK     | NetworkPolicy/shoppers      | spec/ingress/0/ports/0/port    | 8000       | opens",
                "NETWORK     | NetworkPolicy/shoppers      | spec/ingress                   | []         | no shopper reaches",
                "NETWORK     | NetworkPolicy/shoppers      | spec/ingress                   | [{}]       | opens every port",
                "NETWORK     | NetworkPolicy/gateway-management | spec/ingress/0/from       | []         | to more than monitoring",
                "NETWORK     | NetworkPolicy/to-servers    | spec/egress/0/ports/0/port     | 6380       | does not have",
                "NETWORK     | NetworkPolicy/to-servers    | spec/egress/1                  | {}         | lets everything out",
                "DRAIN       | Deployment/gateway          | spec/template/spec/terminationGracePeriodSeconds | 30 | killed after 30 s",
                "DRAIN       | ConfigMap/seckill-settings  | data/SECKILL_DRAIN_TIMEOUT_MS  | `\"60000\"` | Deployment/order-worker may take 66000 ms",
                "DRAIN       | Deployment/gateway          | {c}lifecycle/preStop/sleep/seconds | 20     | killed after 40 s",
                "DRAIN       | Deployment/gateway          | {c}lifecycle                   | {}         | no preStop",
                "REFERENCES  | HorizontalPodAutoscaler/gateway | spec/scaleTargetRef/name   | `\"gate\"` | Deployment/gate, which is not there",
                "REFERENCES  | Deployment/gateway          | spec/replicas                  | 2          | both say how many",
                "REFERENCES  | PodDisruptionBudget/gateway | spec/selector/matchLabels      | `{\"app\":\"x\"}` | selects no pods",
                "REFERENCES  | NetworkPolicy/shoppers      | spec/podSelector/matchLabels   | `{\"app\":\"x\"}` | selects no pods",
                "REFERENCES  | Deployment/gateway          | spec/selector/matchLabels      | `{\"app\":\"x\"}` | other pods than its own",
                "REFERENCES  | Deployment/gateway          | spec/template/spec/serviceAccountName | `\"root\"` | runs as root",
                "REFERENCES  | Deployment/gateway          | {c}volumeMounts/0/name         | `\"temp\"` | mounts temp",
                "REFERENCES  | Deployment/gateway          | {c}env/1/valueFrom/secretKeyRef/name | `\"keys\"` | README.md does not say",
                "REFERENCES  | StatefulSet/redis           | spec/serviceName               | `\"redis\"` | no Service redis",
                "REFERENCES  | Service/gateway             | metadata/namespace             | `\"default\"` | no namespace of these",
                "SECURITY    | Namespace/seckill           | metadata/labels                | {}         | level restricted",
                "SECURITY    | Deployment/gateway          | {c}image                       | `\"seckill/gateway:latest\"` | latest",
                "SECURITY    | StatefulSet/mysql           | {c}image                       | `\"mariadb\"` | latest",
                "SECURITY    | Deployment/gateway          | {c}securityContext/readOnlyRootFilesystem | false | may write",
                "SECURITY    | Deployment/gateway          | {c}securityContext/capabilities/add | `[\"NET_ADMIN\"]` | keeps capabilities",
                "SECURITY    | Deployment/order-worker     | spec/template/spec/securityContext/runAsUser | 0 | has no user",
                "SECURITY    | Deployment/order-worker     | spec/template/spec/automountServiceAccountToken | true | token",
                "SECURITY    | Job/schema                  | spec/template/spec/volumes/0   | `{\"name\":\"tmp\",\"hostPath\":{\"path\":\"/tmp\"}}` | volume of another kind",
                "SECURITY    | Job/schema                  | {c}resources/limits            | {}         | no limit of memory",
                "CREDENTIALS | Deployment/gateway          | {c}env/3/valueFrom/secretKeyRef/name | `\"seckill-schema\"` | given the Secret seckill-schema",
                "CREDENTIALS | Deployment/gateway          | {c}env/5/valueFrom/secretKeyRef/name | `\"seckill-schema\"` | given the Secret seckill-schema",
                "CREDENTIALS | Deployment/order-worker     | {c}env/3/valueFrom/secretKeyRef/name | `\"seckill-gateway\"` | given the Secret seckill-gateway",
                "CREDENTIALS | Job/schema                  | {c}env/2/valueFrom/secretKeyRef/name | `\"seckill-owner\"` | given the Secret seckill-owner",
                "CREDENTIALS | Deployment/gateway          | {c}envFrom/3                   | `{\"secretRef\":{\"name\":\"seckill-schema\"}}` | given the Secret seckill-schema",
                "CREDENTIALS | Deployment/gateway          | spec/template/spec/volumes/0   | `{\"name\":\"tmp\",\"secret\":{\"secretName\":\"seckill-owner\"}}` | given the Secret seckill-owner",
                "CREDENTIALS | ConfigMap/gateway-settings  | data/SERVER_USER               | `\"seckill_schema\"` | gateway and schema are both seckill_schema to MySQL",
                "CREDENTIALS | ConfigMap/order-worker-settings | data/SERVER_USER           | `\"guest\"` | signs in to RabbitMQ as 'guest'",
                "CREDENTIALS | ConfigMap/schema-settings   | data/SECKILL_GATEWAY_MYSQL_USER | `\"shop\"` | rights of gateway to shop",
            })
    void shouldNoticeWhatDoesNotFit(Check check, String object, String path, String json, String expected) {
        expect(check, new Doctored("local").set(object, full(path), json).typed(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PORTS      | Ingress/gateway           | spec/rules/0/http/paths/0/backend/service/port/name | `\"web\"` | no such port",
                "REFERENCES | ScaledObject/order-worker | spec/scaleTargetRef/name                  | `\"worker\"`  | Deployment/worker, which is not there",
                "REFERENCES | ScaledObject/order-worker | spec/triggers/0/metadata/queueName        | `\"orders\"`  | not the orders'",
                "REFERENCES | ScaledObject/order-worker | spec/triggers/0/authenticationRef/name    | `\"nobody\"`  | which is not there",
                "REFERENCES | Deployment/order-worker   | spec/replicas                             | 2             | both say how many",
                "REFERENCES | RoleBinding/sale-prescaling | roleRef/name                            | `\"admin\"`   | names admin",
                "REFERENCES | Role/sale-prescaling      | rules/0/resourceNames                     | `[\"front\"]` | front, which is not there",
                "REFERENCES | TriggerAuthentication/order-queue | spec/secretTargetRef/0/name       | `\"amqp\"`    | README.md does not say",
                "REFERENCES | TriggerAuthentication/order-queue | spec/configMapTargetRef/1/key     | `\"ca.pem\"`  | README.md does not say",
                "REFERENCES | RabbitmqCluster/seckill-amqp | spec/tls/secretName                    | `\"cert\"`    | README.md does not say",
                "REFERENCES | Deployment/gateway        | {c}env/5/valueFrom/secretKeyRef/key       | `\"password\"` | README.md does not say",
                "REFERENCES | Deployment/gateway        | spec/template/spec/volumes/1/configMap/name | `\"cas\"`   | mounts the ConfigMap cas",
                "ENVIRONMENT | ConfigMap/seckill-servers | data/SECKILL_TLS_CA                      | `\"/etc/ca.crt\"` | SECKILL_TLS_CA=/etc/ca.crt is not valid",
                "NETWORK    | NetworkPolicy/to-rabbitmq | spec/egress/0/ports/0/port                | 5672          | cannot reach port 5671",
                "CREDENTIALS | TriggerAuthentication/order-queue | spec/secretTargetRef/1/name      | `\"seckill-amqp-default-user\"` | not KEDA's own",
                "TLS        | ConfigMap/seckill-servers | data/REDIS_SCHEME                         | `\"redis\"`   | SECKILL_REDIS_URI that does not begin with rediss",
                "TLS        | ConfigMap/seckill-servers | data/AMQP_SCHEME                          | `\"amqp\"`    | SECKILL_AMQP_URI that does not begin with amqps",
                "TLS        | ConfigMap/seckill-servers | data/SECKILL_MYSQL_TLS                    | `\"off\"`     | SECKILL_MYSQL_TLS that does not begin with verify",
                "TLS        | Deployment/order-worker   | {c}env/4/value                            | `\"redis://seckill_worker:p@redis.example.com:6379\"` | Deployment/order-worker has a SECKILL_REDIS_URI",
                "TLS        | RabbitmqCluster/seckill-amqp | spec/tls/disableNonTLSListeners        | false         | listens without TLS",
                "TLS        | ScaledObject/order-worker | spec/triggers/0/metadata/host             | `\"amqp://seckill-amqp.seckill.svc:5672/\"` | without TLS",
                "TLS        | ConfigMap/order-queue-tls | data/tls                                  | `\"disable\"` | TLS is not enabled",
            })
    void shouldNoticeWhatDoesNotFitInProduction(Check check, String object, String path, String json, String expected) {
        expect(check, new Doctored("production").set(object, full(path), json).typed(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENVIRONMENT | Deployment/gateway         | {c}env/1                      | SECKILL_JWT_KEYS is not set",
                "ENVIRONMENT | Deployment/gateway         | {c}env/3                      | made of REDIS_PASSWORD",
                "ENVIRONMENT | ConfigMap/seckill-servers  | data/SECKILL_MYSQL_HOST       | SECKILL_MYSQL_HOST is not set",
                "SECURITY    | Deployment/gateway         | spec/template/spec/securityContext/seccompProfile | seccomp",
                "SECURITY    | Deployment/gateway         | {c}resources/requests/memory  | requests no CPU or memory",
            })
    void shouldNoticeWhatIsNotThere(Check check, String object, String path, String expected) {
        expect(check, new Doctored("local").without(object, full(path)).typed(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENVIRONMENT | ConfigMap/seckill-servers    | ConfigMap seckill-servers",
                "NETWORK     | NetworkPolicy/default-deny   | denies by default",
                "NETWORK     | NetworkPolicy/dns            | cannot reach port 53",
                "NETWORK     | NetworkPolicy/to-servers     | cannot reach port 6379",
                "PORTS       | Service/seckill-amqp         | which no Service has",
                "REFERENCES  | Deployment/gateway           | Deployment/gateway, which is not there",
                "REFERENCES  | PodDisruptionBudget/gateway  | has no PodDisruptionBudget",
                "REFERENCES  | ServiceAccount/schema        | runs as schema",
                "REFERENCES  | ConfigMap/redis-configuration | mounts the ConfigMap redis-configuration",
            })
    void shouldNoticeWhichObjectIsNotThere(Check check, String object, String expected) {
        expect(check, new Doctored("local").without(object).typed(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TLS         | ConfigMap/seckill-servers         | data/SECKILL_TLS_CA       | has a SECKILL_TLS_CA",
                "TLS         | RabbitmqCluster/seckill-amqp      | spec/tls                  | listens without TLS",
                "TLS         | TriggerAuthentication/order-queue | spec/configMapTargetRef/1 | no CA to believe",
                "CREDENTIALS | ConfigMap/schema-settings         | data/SECKILL_WORKER_MYSQL_USER | rights of order-worker to nobody",
            })
    void shouldNoticeWhatIsNotThereInProduction(Check check, String object, String path, String expected) {
        expect(check, new Doctored("production").without(object, full(path)).typed(), expected);
    }

    private static String full(String path) {
        return path.replace("{c}", CONTAINER);
    }

    private static void expect(Check check, Manifests doctored, String expected) {
        List<String> violations = check.violations(doctored);
        assertTrue(
                violations.stream().anyMatch(violation -> violation.contains(expected)),
                () -> "nothing with '" + expected + "' in " + violations);
    }
}
