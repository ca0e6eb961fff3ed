package io.seckill.local;

import io.seckill.schema.access.RedisAccess;
import io.seckill.schema.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Redis with an append-only file, as in production: a second of reservations may be lost, and the stack copes. */
record RedisServer(ServerProgram program, Home home, int port, Secrets secrets) implements Server {
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
                """.formatted(Listener.HOST, port, secrets.redis(), home.data(name())) + users();
    }

    /** Known by the hashes of their passwords. */
    private String users() {
        StringBuilder users = new StringBuilder();
        for (Role role : Role.values()) {
            users.append("user %s on #%s %s%n"
                    .formatted(
                            Secrets.user(role),
                            PasswordHash.redis(secrets.password(role)),
                            String.join(" ", RedisAccess.rules(role))));
        }
        return users.toString();
    }

    /** The benchmark that comes with it, for this server; what it is to do has to be added. */
    ProcessBuilder benchmark() {
        Path benchmark = program.executable().resolveSibling("redis-benchmark");
        ProcessBuilder builder =
                new ProcessBuilder(List.of(benchmark.toString(), "-p", Integer.toString(port), "-a", secrets.redis()));
        builder.environment().clear();
        builder.environment().putAll(program.environment(home.data(name())));
        return builder;
    }

    @Override
    public boolean ready() {
        return Probe.redis(port, secrets.redis());
    }

    @Override
    public String toString() {
        return name();
    }
}
