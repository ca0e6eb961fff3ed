package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The server programs: how old one may be, which Debian packages bring it, and where it is in a tree. {@link
 * Provision} decides which tree.
 */
enum Engine {
    /** Functions came with 7.0. */
    REDIS("redis", "7.0", 2, "redis-server", "redis"),
    /** Delivery limits and dead-lettering at least once in quorum queues came with 3.10. */
    RABBITMQ("rabbitmq", "3.10", 35, "rabbitmq-server", "rabbitmq|erlang"),
    /** SKIP LOCKED and enforced CHECKs: MariaDB 10.11, the oldest that we test with, or MySQL 8. */
    MYSQL("mysql", "10.11", 18, "mariadb-server-core mariadb-client-core", "mariadb|mysql|galera"),
    /** Only on demand; the oldest that we test with. */
    PROMETHEUS("prometheus", "2.42", 21, "prometheus", "prometheus");

    private static final Version OLDEST_MYSQL = new Version(8, 0);

    final String server;
    final String oldest;
    private final int megabytes;
    private final String packages;
    private final String family;

    Engine(String server, String oldest, int megabytes, String packages, String family) {
        this.server = server;
        this.oldest = oldest;
        this.megabytes = megabytes;
        this.packages = packages;
        this.family = family;
    }

    /** The Debian packages that bring it. */
    Bundle bundle() {
        return new Bundle(server, megabytes, family, List.of(packages.split(" ")));
    }

    /** The program to start in an unpacked tree. */
    Optional<Path> within(Path tree) {
        return switch (this) {
            case REDIS -> existing(tree.resolve("usr/bin/redis-server"));
            case RABBITMQ -> rabbitIn(tree.resolve("usr/lib/rabbitmq/lib"));
            case MYSQL -> existing(tree.resolve("usr/sbin/mariadbd"));
            case PROMETHEUS -> existing(tree.resolve("usr/bin/prometheus"));
        };
    }

    /** The program that the machine has, whatever its version. */
    Optional<Path> onMachine() {
        return switch (this) {
            case REDIS -> Executables.find("redis-server");
            case RABBITMQ -> rabbitOnMachine();
            case MYSQL -> Executables.find("mariadbd").or(() -> Executables.find("mysqld"));
            case PROMETHEUS -> Executables.find("prometheus");
        };
    }

    private static Optional<Path> rabbitOnMachine() {
        if (Executables.find("erl").isEmpty()) {
            return Optional.empty();
        }
        return rabbitIn(Path.of("/usr/lib/rabbitmq/lib")).or(() -> Executables.find("rabbitmq-server")
                .map(Engine::target)
                // A package's wrapper in /usr/sbin changes the user; only the script beside rabbitmq-env starts the
                // server.
                .filter(script -> Files.exists(script.resolveSibling("rabbitmq-env"))));
    }

    private static Optional<Path> rabbitIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.filter(path -> path.getFileName().toString().startsWith("rabbitmq_server-"))
                    .sorted()
                    .map(path -> path.resolve("sbin/rabbitmq-server"))
                    .filter(Files::isExecutable)
                    .reduce((first, last) -> last);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Path target(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            return link;
        }
    }

    private static Optional<Path> existing(Path program) {
        return Files.isExecutable(program) ? Optional.of(program) : Optional.empty();
    }

    /** The version of a program; RabbitMQ's is in its folder's name, as asking it would start an Erlang VM. */
    Optional<Version> versionOf(Path program, Map<String, String> environment) {
        if (this == RABBITMQ) {
            return rabbitVersion(program.getParent().getParent());
        }
        Executables.Outcome outcome = Executables.run(List.of(program.toString(), "--version"), environment, 20);
        return outcome.ok() ? versionIn(outcome.output()) : Optional.empty();
    }

    static Optional<Version> versionIn(String versionLine) {
        int mark = versionLine.indexOf("Ver ");
        return Version.in(mark < 0 ? versionLine : versionLine.substring(mark));
    }

    private static Optional<Version> rabbitVersion(Path server) {
        try (Stream<Path> plugins = Files.list(server.resolve("plugins"))) {
            return plugins.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("rabbit-\\d+\\..*"))
                    .findFirst()
                    .flatMap(Version::in);
        } catch (IOException absent) {
            return Version.in(server.getFileName().toString());
        }
    }

    /** Whether it is new enough; of {@code mysqld} two programs go by that name, with version numbers of their own. */
    boolean accepts(Version version) {
        if (this == MYSQL && version.major() < 10) {
            return version.atLeast(OLDEST_MYSQL);
        }
        return version.atLeast(Version.in(oldest).orElseThrow());
    }
}
