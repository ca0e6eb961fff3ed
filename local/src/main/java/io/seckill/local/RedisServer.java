package io.seckill.local;

import io.seckill.schema.access.RedisAccess;
import io.seckill.schema.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Redis with an append-only file, as in production: a second of reservations may be lost, and the stack copes. */
record RedisServer(ServerProgram program, Home home, int port, Secrets secrets) implements Server {
    private static final String BENCHMARK = "seckill_benchmark";

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
                dir "%s"
                daemonize no
                set-proc-title no
                appendonly yes
                appendfsync everysec
                # Rewriting it forks a process that takes a core for seconds: not in the middle of a rush.
                auto-aof-rewrite-min-size 1gb
                save ""
                maxmemory-policy noeviction
                """.formatted(Listener.HOST, port, home.data(name())) + users();
    }

    /** Known by the hashes of their passwords. */
    private String users() {
        StringBuilder users =
                new StringBuilder("user default on #%s ~* &* +@all%n".formatted(PasswordHash.redis(secrets.redis())));
        for (Role role : Role.values()) {
            users.append("user %s on #%s %s%n"
                    .formatted(
                            Secrets.user(role),
                            PasswordHash.redis(secrets.password(role)),
                            String.join(" ", RedisAccess.rules(role))));
        }
        return users.toString();
    }

    /**
     * The benchmark that comes with it, for this server; what it is to do has to be added. It takes a password on its command
     * line alone, which everybody on the machine can read: so it has a user and a password for this once, who may do what a
     * gateway may.
     */
    ProcessBuilder benchmark() {
        String once = UUID.randomUUID().toString();
        try (RedisConsole console = new RedisConsole(port, secrets.redis())) {
            console.ask("ACL SETUSER %s reset on >%s %s"
                            .formatted(BENCHMARK, once, String.join(" ", RedisAccess.rules(Role.GATEWAY)))
                    // It asks how the server keeps its data, and ends if it is not told.
                    + " +config|get");
        }
        Path benchmark = program.executable().resolveSibling("redis-benchmark");
        ProcessBuilder builder = new ProcessBuilder(
                List.of(benchmark.toString(), "-p", Integer.toString(port), "--user", BENCHMARK, "-a", once));
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
