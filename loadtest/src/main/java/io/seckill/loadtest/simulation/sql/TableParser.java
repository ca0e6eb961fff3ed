package io.seckill.loadtest.simulation.sql;

import io.seckill.loadtest.simulation.sql.Lexer.Kind;
import java.util.ArrayList;
import java.util.List;

/** CREATE, ALTER and DROP, as the migrations write them. Types and plain indexes mean nothing here and are passed over. */
final class TableParser {
    private final ExpressionParser in;

    TableParser(ExpressionParser in) {
        this.in = in;
    }

    Statement statement(String verb) {
        if (verb.equals("DROP")) {
            in.expect(in.peek().upper().equals("VIEW") ? "VIEW" : "TABLE");
            if (in.accept("IF")) {
                in.expect("EXISTS");
            }
            return new Statement.DropTable(in.word());
        }
        if (verb.equals("ALTER")) {
            in.expect("TABLE");
            return alter(in.word());
        }
        if (in.accept("OR")) {
            in.expect("REPLACE");
        }
        if (in.accept("VIEW")) {
            String name = in.word();
            in.expect("AS");
            in.expect("SELECT");
            return new Statement.CreateView(name, in.select());
        }
        if (in.accept("INDEX")) {
            skip();
            return Statement.Command.NOTHING;
        }
        in.expect("TABLE");
        Table table = new Table(in.word());
        in.expect("(");
        do {
            part(table);
        } while (in.accept(","));
        in.expect(")");
        skip();
        return new Statement.CreateTable(table);
    }

    private void skip() {
        while (in.peek().kind() != Kind.END && !in.peek().text().equals(";")) {
            in.next();
        }
    }

    private void part(Table table) {
        if (in.accept("PRIMARY")) {
            in.expect("KEY");
            table.uniques.add(new Table.Unique("PRIMARY", names()));
        } else if (in.accept("UNIQUE")) {
            in.accept("KEY");
            table.uniques.add(new Table.Unique(in.word(), names()));
        } else if (in.accept("KEY")) {
            in.word();
            names();
        } else if (in.accept("CONSTRAINT")) {
            table.checks.add(check());
        } else {
            table.add(column(table));
        }
    }

    private Table.Check check() {
        String name = in.word();
        in.expect("CHECK");
        in.expect("(");
        Expression rule = in.expression();
        in.expect(")");
        return new Table.Check(name, rule);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        in.expect("(");
        do {
            names.add(in.word());
            if (in.accept("(")) {
                in.next();
                in.expect(")");
            }
            in.accept("DESC");
        } while (in.accept(","));
        in.expect(")");
        return names;
    }

    private Table.Column column(Table table) {
        String name = in.word();
        in.next();
        Expression fallback = null;
        Expression generated = null;
        boolean autoIncrement = false;
        boolean notNull = false;
        while (!in.peek().text().equals(",")
                && !in.peek().text().equals(")")
                && in.peek().kind() != Kind.END) {
            if (in.accept("(")) {
                while (!in.accept(")")) {
                    in.next();
                }
            } else if (in.accept("NOT")) {
                in.expect("NULL");
                notNull = true;
            } else if (in.accept("DEFAULT")) {
                fallback = in.expression();
            } else if (in.accept("AS")) {
                in.expect("(");
                generated = in.expression();
                in.expect(")");
            } else if (in.accept("AUTO_INCREMENT")) {
                autoIncrement = true;
            } else if (in.accept("PRIMARY") && table != null) {
                in.expect("KEY");
                table.uniques.add(new Table.Unique("PRIMARY", List.of(name)));
            } else if (in.accept("AFTER")) {
                in.word();
            } else {
                in.next();
            }
        }
        return new Table.Column(name, fallback, generated, autoIncrement, notNull);
    }

    private Statement alter(String table) {
        List<Statement> all = new ArrayList<>();
        do {
            if (in.accept("MODIFY")) {
                in.accept("COLUMN");
                all.add(new Statement.ModifyColumn(table, column(null)));
                continue;
            }
            in.expect("ADD");
            if (in.accept("UNIQUE")) {
                in.accept("KEY");
                all.add(new Statement.AddUnique(table, new Table.Unique(in.word(), names())));
            } else if (in.accept("KEY") || in.accept("INDEX")) {
                in.word();
                names();
            } else if (in.accept("CONSTRAINT")) {
                all.add(new Statement.AddCheck(table, check()));
            } else {
                in.accept("COLUMN");
                all.add(new Statement.AddColumn(table, column(null)));
            }
        } while (in.accept(","));
        return new Statement.Several(all);
    }
}
