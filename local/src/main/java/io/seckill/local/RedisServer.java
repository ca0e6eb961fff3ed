package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Redis with an append-only file, as in production: a second of reservations may be lost, and the stack copes. */
record RedisServer(ServerProgram program, Home home, int port, String password) implements Server {
    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Launch launch() {
        try {
            Files.createDirectories(home.data(name()));
        } catch (IOException e) {
            throw new LaunchFailure("cannot create " + home.data(name()), e);
        }
        String mark = Server.mark(name(), home);
        Home.writePrivate(home.conf().resolve("redis.conf"), configuration());
        return new Launch(
                name(),
                mark,
                List.of(program.executable().toString(), mark),
                program.environment(home.data(name())),
                home.data(name()),
                home.log(name()));
    }

    private String configuration() {
        // Its process title stays the command line, which is how we recognise it.
        return """
                bind %s
                port %d
                protected-mode yes
                requirepass %s
                dir "%s"
                daemonize no
                set-proc-title no
                appendonly yes
                appendfsync everysec
                # Rewriting it forks a process that takes a core for seconds: not in the middle of a rush.
                auto-aof-rewrite-min-size 1gb
                save ""
                maxmemory-policy noeviction
                """.formatted(Listener.HOST, port, password, home.data(name()));
    }

    /** The benchmark that comes with it, for this server; what it is to do has to be added. */
    ProcessBuilder benchmark() {
        Path benchmark = program.executable().resolveSibling("redis-benchmark");
        ProcessBuilder builder =
                new ProcessBuilder(List.of(benchmark.toString(), "-p", Integer.toString(port), "-a", password));
        builder.environment().clear();
        builder.environment().putAll(program.environment(home.data(name())));
        return builder;
    }

    @Override
    public boolean ready() {
        return Probe.redis(port, password);
    }

    @Override
    public String toString() {
        return name();
    }
}
