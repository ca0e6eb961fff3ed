package io.seckill.local;

import io.seckill.schema.access.MysqlAccess;
import io.seckill.schema.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** MariaDB, or MySQL 8 where the machine has that: every commit on disk, TCP on the loopback only. */
record MysqlServer(ServerProgram program, Home home, int port, Secrets secrets) implements Server {
    private static final long SETUP_LIMIT_SECONDS = 180;
    // Pages that many orders touch are written once and not over and over; more makes a start after a kill longer.
    private static final String REDO_LOG = "256M";

    @Override
    public String name() {
        return "mysql";
    }

    @Override
    public Launch launch() {
        Path data = home.data(name());
        boolean mariadb = isMariadb();
        if (!Files.isDirectory(data.resolve("mysql"))) {
            setUp(data, mariadb);
        }
        Path grants = home.conf().resolve("mysql-init.sql");
        Home.writePrivate(grants, grants());
        List<String> command = new ArrayList<>(List.of(
                program.executable().toString(),
                "--no-defaults",
                Server.mark(name(), home),
                "--basedir=" + base(),
                "--init-file=" + grants,
                "--bind-address=" + Listener.HOST,
                "--port=" + port,
                // No Unix socket at all: its path could be too long, and nobody needs it.
                "--socket=",
                "--pid-file=" + data.resolve("mysql.pid"),
                "--skip-name-resolve",
                "--max-connections=300",
                "--innodb-flush-log-at-trx-commit=1",
                // Order ids are random, so each order goes into a page of its own: when the table no longer fits in
                // here, storing falls behind. Taken from the machine only as it fills.
                "--innodb-buffer-pool-size=1G",
                "--character-set-server=utf8mb4",
                "--default-time-zone=+00:00"));
        if (mariadb) {
            command.addAll(mariadbPaths());
            command.add("--innodb-log-file-size=" + REDO_LOG);
        } else {
            command.addAll(List.of(
                    "--loose-innodb-redo-log-capacity=" + REDO_LOG,
                    "--mysqlx=OFF",
                    "--skip-log-bin",
                    "--loose-default-authentication-plugin=mysql_native_password"));
        }
        command.addAll(asRoot());
        return new Launch(name(), Server.mark(name(), home), command, environment(), home.conf(), home.log(name()));
    }

    /** With a folder of its own for temporary tables: servers that are set up at the same moment would meet in /tmp. */
    private Map<String, String> environment() {
        Path temporary = home.data(name()).resolveSibling("mysql.tmp");
        try {
            Files.createDirectories(temporary);
        } catch (IOException e) {
            throw new LaunchFailure("cannot create " + temporary, e);
        }
        Map<String, String> environment = new TreeMap<>(program.environment(home.conf()));
        environment.put("TMPDIR", temporary.toString());
        return environment;
    }

    private boolean isMariadb() {
        return program.executable().getFileName().toString().equals("mariadbd")
                || program.version(home.conf())
                        .map(version -> version.major() >= 10)
                        .orElse(true);
    }

    /** The folder above bin or sbin. */
    private Path base() {
        return program.executable().getParent().getParent();
    }

    /** Messages and plugins have their compiled-in places in /usr; those of an unpacked tree are elsewhere. */
    private List<String> mariadbPaths() {
        List<String> paths = new ArrayList<>();
        for (String name : List.of("mysql", "mariadb")) {
            Path messages = base().resolve("share").resolve(name);
            if (Files.exists(messages.resolve("english/errmsg.sys"))) {
                paths.add("--lc-messages-dir=" + messages);
                break;
            }
        }
        for (String name : List.of("mysql", "mariadb")) {
            Path plugins = base().resolve("lib").resolve(name).resolve("plugin");
            if (Files.isDirectory(plugins)) {
                paths.add("--plugin-dir=" + plugins);
                break;
            }
        }
        return paths;
    }

    /** Creates the system tables beside the final place: a set-up cut short leaves nothing that looks whole. */
    private void setUp(Path data, boolean mariadb) {
        Path fresh = data.resolveSibling("mysql.new");
        List<String> command = new ArrayList<>();
        if (mariadb) {
            command.add(installer().toString());
            command.addAll(List.of(
                    "--no-defaults",
                    "--force",
                    "--basedir=" + base(),
                    "--datadir=" + fresh,
                    "--auth-root-authentication-method=socket",
                    "--skip-test-db"));
        } else {
            command.addAll(List.of(
                    program.executable().toString(),
                    "--no-defaults",
                    "--initialize",
                    "--basedir=" + base(),
                    "--datadir=" + fresh));
        }
        command.addAll(asRoot());
        try {
            Home.deleteTree(data);
            Home.deleteTree(fresh);
            Files.createDirectories(data.getParent());
            Executables.Outcome outcome = Executables.run(command, environment(), SETUP_LIMIT_SECONDS);
            if (!outcome.ok()) {
                Files.createDirectories(home.log(name()).getParent());
                Files.writeString(home.log(name()), outcome.output());
                throw new LaunchFailure("cannot create the database's system tables; the end of %s:%n%s"
                        .formatted(home.log(name()), Supervisor.tail(home.log(name()))));
            }
            Files.move(fresh, data);
        } catch (IOException e) {
            throw new LaunchFailure("cannot create " + data + ": " + e, e);
        }
    }

    private Path installer() {
        return Stream.of("bin/mariadb-install-db", "scripts/mariadb-install-db", "bin/mysql_install_db")
                .map(base()::resolve)
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> Executables.find("mariadb-install-db"))
                .orElseThrow(() -> new LaunchFailure("no mariadb-install-db beside " + program.executable()));
    }

    /** These servers refuse to run as root unless told to. */
    private static List<String> asRoot() {
        return System.getProperty("user.name").equals("root") ? List.of("--user=root") : List.of();
    }

    /**
     * Carried out at each start, one statement a line. The owner's second grant is for databases that tests make. The
     * services get theirs from the schema job, when there are tables.
     */
    private String grants() {
        StringBuilder script = new StringBuilder(
                """
                CREATE DATABASE IF NOT EXISTS `%1$s` CHARACTER SET utf8mb4;
                %2$sGRANT ALL PRIVILEGES ON `%1$s`.* TO '%1$s'@'%3$s';
                GRANT ALL PRIVILEGES ON `%1$s\\_%%`.* TO '%1$s'@'%3$s';
                """.formatted(Endpoints.OWNER, user(Endpoints.OWNER, secrets.mysql()), Listener.HOST));
        for (Role role : Role.values()) {
            script.append(user(Secrets.user(role), secrets.password(role)));
        }
        MysqlAccess.grants(Role.SCHEMA, Endpoints.OWNER, account(Role.SCHEMA))
                .forEach(grant -> script.append(grant).append(";\n"));
        return script.toString();
    }

    private static String user(String name, String password) {
        return """
                CREATE USER IF NOT EXISTS '%1$s'@'%2$s' IDENTIFIED BY '%3$s';
                ALTER USER '%1$s'@'%2$s' IDENTIFIED BY '%3$s';
                """.formatted(name, Listener.HOST, password);
    }

    /** A role's account, as the schema job takes it. */
    static String account(Role role) {
        return Secrets.user(role) + "@" + Listener.HOST;
    }

    @Override
    public boolean ready() {
        return Probe.mysql(port);
    }

    @Override
    public String toString() {
        return name();
    }
}
