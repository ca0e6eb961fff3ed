package io.seckill.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.seckill.gateway.GatewayMain;
import io.seckill.worker.WorkerMain;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real programs in the environment of their pods, on other ports and with servers that are away: they answer on the
 * paths that they are probed on, live although not ready, and end at SIGTERM within their grace.
 */
class ProbedProcessIT {
    private static final int NOBODY = 1;

    @TempDir
    private Path logs;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldAnswerTheProbesOfAGateway() throws Exception {
        shouldAnswerTheProbes("gateway", GatewayMain.class);
    }

    @Test
    void shouldAnswerTheProbesOfAWorker() throws Exception {
        shouldAnswerTheProbes("order-worker", WorkerMain.class);
    }

    private void shouldAnswerTheProbes(String program, Class<?> main) throws Exception {
        Manifests manifests = Rendered.overlay("local");
        Workload workload = manifests
                .services()
                .filter(it -> it.program().orElseThrow().equals(program))
                .findFirst()
                .orElseThrow();
        int management = freePort();
        start(main, PodEnvironment.of(workload, manifests).values(), management);

        Container container = workload.container();
        awaitLive(container.getStartupProbe(), management);
        assertEquals(200, status(path(container.getLivenessProbe()), management));
        assertEquals(503, status(path(container.getReadinessProbe()), management), "no server is there");
        String metrics = workload.template().getMetadata().getAnnotations().get("prometheus.io/path");
        assertEquals(200, status(metrics, management));

        process.destroy();
        assertTrue(
                process.waitFor(workload.pod().getTerminationGracePeriodSeconds(), TimeUnit.SECONDS),
                "it ends before Kubernetes kills it");
    }

    private void start(Class<?> main, Map<String, String> pod, int management) throws IOException {
        Map<String, String> environment = new TreeMap<>(pod);
        environment.put("SECKILL_HTTP_PORT", Integer.toString(freePort()));
        environment.put("SECKILL_MANAGEMENT_PORT", Integer.toString(management));
        environment.put("SECKILL_REDIS_URI", "redis://127.0.0.1:" + NOBODY);
        environment.put("SECKILL_AMQP_URI", "amqp://127.0.0.1:" + NOBODY);
        environment.put("SECKILL_MYSQL_HOST", "127.0.0.1");
        environment.put("SECKILL_MYSQL_PORT", Integer.toString(NOBODY));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SECKILL_"));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private void awaitLive(Probe startup, int port) throws Exception {
        long patience = TimeUnit.SECONDS.toNanos((long) startup.getPeriodSeconds() * startup.getFailureThreshold());
        long end = System.nanoTime() + patience;
        while (statusOrNone(path(startup), port) != 200) {
            assertTrue(process.isAlive() && System.nanoTime() < end, () -> "it does not start:\n" + text());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static String path(Probe probe) {
        assertNotNull(probe.getHttpGet());
        return probe.getHttpGet().getPath();
    }

    private int statusOrNone(String path, int port) throws InterruptedException {
        try {
            return status(path, port);
        } catch (IOException notYet) {
            return -1;
        }
    }

    private int status(String path, int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private Path log() {
        return logs.resolve("log");
    }

    private String text() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
