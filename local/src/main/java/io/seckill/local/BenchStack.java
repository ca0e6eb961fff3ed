package io.seckill.local;

import io.seckill.loadtest.bench.BenchSite;
import io.seckill.loadtest.bench.CeilingServer;
import io.seckill.loadtest.bench.NaiveShop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A stack to be measured, and beside it the two servers that it is compared with, all with the same JVM flags. */
final class BenchStack extends MeasuredStack implements BenchSite {
    private static final int START_LIMIT_MS = 30_000;

    private final List<Process> compared = new ArrayList<>();
    private final int ceilingPort = FreePorts.one();
    private final int naivePort = FreePorts.one();

    BenchStack(Settings settings, Progress progress) {
        // An audit of the hundreds of thousands of orders that were sold before takes half a core for seconds, from
        // whatever part of the benchmark it falls into.
        super(settings.with(Map.of("SECKILL_AUDIT_EVERY_MS", "3600000")), progress);
    }

    @Override
    void up() {
        super.up();
        compare(CeilingServer.class, ceilingPort);
        compare(NaiveShop.class, naivePort);
    }

    private void compare(Class<?> main, int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(settings.gatewayOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), "" + port));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        new Home(settings.home()).log(main.getSimpleName()).toFile());
        builder.environment().putAll(stack.addresses());
        builder.environment().put("SECKILL_JWT_KEYS", stack.jwtKeys());
        try {
            Process process = builder.start();
            compared.add(process);
            awaitListening(main.getSimpleName(), process, port);
        } catch (IOException e) {
            throw new LaunchFailure(main.getSimpleName() + " cannot be started: " + e.getMessage(), e);
        }
    }

    private static void awaitListening(String name, Process process, int port) {
        long deadline = System.nanoTime() + START_LIMIT_MS * 1_000_000L;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new LaunchFailure(name + " does not start", notYet);
                }
                Supervisor.pause();
            }
        }
    }

    @Override
    public String ceilingUrl() {
        return "http://" + Listener.HOST + ":" + ceilingPort;
    }

    @Override
    public String naiveUrl() {
        return "http://" + Listener.HOST + ":" + naivePort;
    }

    @Override
    public ProcessBuilder redisBenchmark() {
        return ((RedisServer) stack.server("redis")).benchmark();
    }

    /** Stops everything. */
    @Override
    public void close() {
        compared.forEach(Process::destroyForcibly);
        super.close();
    }
}
