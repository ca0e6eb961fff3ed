package io.seckill.loadtest.simulation.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * As much of MySQL as the product speaks: the tables, keys and checks of the real migrations, transactions with row locks
 * that wait, time out and dead-lock, READ COMMITTED and consistent snapshots. It runs the product's own SQL. Not
 * thread-safe; one for each world.
 */
public final class Database {
    private static final Map<String, Statement> PARSED = new ConcurrentHashMap<>();
    private static final int MAX_PARSED = 20_000;
    private static final Map<String, Table> EMPTY_TABLES = new LinkedHashMap<>();
    private static final Map<String, Statement.Select> VIEWS = new LinkedHashMap<>();
    private static final List<String> ROWS_OF_MIGRATIONS = new ArrayList<>();

    final Map<String, Table> tables = new LinkedHashMap<>();
    private final Supplier<LocalDateTime> clock;
    private final Runnable onCommit;

    /**
     * @param clock the server's
     * @param onCommit runs after each transaction that changed something
     */
    public Database(Supplier<LocalDateTime> clock, Runnable onCommit) {
        this.clock = clock;
        this.onCommit = onCommit;
        synchronized (EMPTY_TABLES) {
            if (EMPTY_TABLES.isEmpty()) {
                migrate();
            }
            EMPTY_TABLES.forEach((name, table) -> tables.put(name, table.empty()));
        }
        Session session = session();
        ROWS_OF_MIGRATIONS.forEach(sql -> session.executeNow(sql));
    }

    public Session session() {
        return new Session(this);
    }

    /** Rows as committed, for the checker. */
    public Session.Result read(String sql, Object... parameters) {
        return session().executeNow(sql, parameters);
    }

    public boolean has(String table) {
        return tables.containsKey(table);
    }

    LocalDateTime now() {
        return clock.get();
    }

    void committed() {
        onCommit.run();
    }

    Table table(String name) {
        Table table = tables.get(name);
        if (table == null) {
            throw new SqlError(1146, "42S02", "Table '" + name + "' doesn't exist");
        }
        return table;
    }

    Statement.Select view(String name) {
        return VIEWS.get(name);
    }

    static Statement parse(String sql) {
        Statement known = PARSED.get(sql);
        if (known == null) {
            known = Parser.parse(sql);
            if (PARSED.size() > MAX_PARSED) {
                PARSED.clear();
            }
            PARSED.put(sql, known);
        }
        return known;
    }

    // The real files, up to the first version that is not there.
    private static void migrate() {
        String[] names = migrationFiles();
        int version = 0;
        for (String file : names) {
            version++;
            for (String sql : resource(file).split(";\\s*(\\n|$)")) {
                if (!sql.replaceAll("--[^\\n]*", "").isBlank()) {
                    apply(sql);
                }
            }
            ROWS_OF_MIGRATIONS.add(
                    "INSERT INTO flyway_schema_history (version, success) VALUES ('" + version + "', 1)");
        }
        Table history = new Table("flyway_schema_history");
        history.add(new Table.Column("version", null, null, false, true));
        history.add(new Table.Column("success", null, null, false, true));
        EMPTY_TABLES.put(history.name, history);
    }

    private static void apply(String sql) {
        Statement statement = Parser.parse(sql);
        List<Statement> all = statement instanceof Statement.Several several ? several.all() : List.of(statement);
        for (Statement one : all) {
            if (one instanceof Statement.CreateTable create) {
                EMPTY_TABLES.put(create.table().name, create.table());
            } else if (one instanceof Statement.AddColumn add) {
                EMPTY_TABLES.get(add.table()).add(add.column());
            } else if (one instanceof Statement.ModifyColumn modify) {
                Table table = EMPTY_TABLES.get(modify.table());
                table.columns.set(table.position(modify.column().name()), modify.column());
            } else if (one instanceof Statement.AddUnique add) {
                EMPTY_TABLES.get(add.table()).uniques.add(add.unique());
            } else if (one instanceof Statement.AddCheck add) {
                EMPTY_TABLES.get(add.table()).checks.add(add.check());
            } else if (one instanceof Statement.DropTable drop) {
                EMPTY_TABLES.remove(drop.name());
                VIEWS.remove(drop.name());
            } else if (one instanceof Statement.CreateView view) {
                VIEWS.put(view.name(), view.select());
            } else if (one instanceof Statement.Insert || one instanceof Statement.Update) {
                ROWS_OF_MIGRATIONS.add(sql);
            } else if (one != Statement.Command.NOTHING) {
                throw new IllegalStateException("a migration does what the simulated MySQL does not know: " + sql);
            }
        }
    }

    private static String[] migrationFiles() {
        List<String> files = new ArrayList<>();
        for (int version = 1; version <= Integer.parseInt(io.seckill.schema.db.Migrations.VERSION); version++) {
            files.add(file(version));
        }
        return files.toArray(String[]::new);
    }

    private static String file(int version) {
        String folder = "db/migration/";
        try {
            URI place = Database.class.getResource("/" + folder).toURI();
            if (place.getScheme().equals("jar")) {
                String jar = place.getRawSchemeSpecificPart().split("!", 2)[0];
                try (ZipFile zip = new ZipFile(Path.of(URI.create(jar)).toFile())) {
                    return zip.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith(folder + "V" + version + "__"))
                            .map(name -> "/" + name)
                            .findFirst()
                            .orElseThrow();
                }
            }
            try (Stream<Path> files = Files.list(Path.of(place))) {
                return files.map(path -> "/" + folder + path.getFileName())
                        .filter(name -> name.startsWith("/" + folder + "V" + version + "__"))
                        .findFirst()
                        .orElseThrow();
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("no migration V" + version, e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Database.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
