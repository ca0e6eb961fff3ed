package io.seckill.loadtest.simulation.sql;

import io.seckill.loadtest.simulation.sql.Lexer.Kind;
import io.seckill.loadtest.simulation.sql.Lexer.Token;
import io.seckill.loadtest.simulation.sql.Statement.Assignment;
import io.seckill.loadtest.simulation.sql.Statement.Command;
import io.seckill.loadtest.simulation.sql.Statement.From;
import io.seckill.loadtest.simulation.sql.Statement.Item;
import io.seckill.loadtest.simulation.sql.Statement.Lock;
import io.seckill.loadtest.simulation.sql.Statement.Order;
import io.seckill.loadtest.simulation.sql.Statement.Select;
import java.util.ArrayList;
import java.util.List;

/** Reads the statements that the product sends. Whatever it does not know it refuses, and the seed fails. */
final class Parser extends ExpressionParser {

    private Parser(String sql) {
        super(sql);
    }

    static Statement parse(String sql) {
        Parser parser = new Parser(sql);
        Statement statement = parser.statement();
        parser.accept(";");
        if (parser.peek().kind() != Kind.END) {
            throw parser.unknown();
        }
        return statement;
    }

    private Statement statement() {
        Token first = next();
        switch (first.upper()) {
            case "SELECT":
                return select();
            case "INSERT":
                return insert();
            case "UPDATE":
                return update();
            case "DELETE":
                expect("FROM");
                String table = word();
                return new Statement.Delete(table, accept("WHERE") ? expression() : null);
            case "START", "BEGIN":
                return begin();
            case "COMMIT":
                return Command.COMMIT;
            case "ROLLBACK":
                return Command.ROLLBACK;
            case "SET":
                return set();
            case "CREATE", "ALTER", "DROP":
                return new TableParser(this).statement(first.upper());
            default:
                throw unknown();
        }
    }

    private Statement begin() {
        boolean snapshot = false;
        while (peek().kind() != Kind.END) {
            snapshot |= next().upper().equals("SNAPSHOT");
        }
        return snapshot ? Command.BEGIN_SNAPSHOT : Command.BEGIN;
    }

    // Of all that a session may be told, only this one matters here: all else is as the product wants it anyway.
    private Statement set() {
        boolean autocommitOff = false;
        while (peek().kind() != Kind.END) {
            if (next().upper().equals("AUTOCOMMIT")) {
                expect("=");
                autocommitOff |= next().text().equals("0");
            }
        }
        return autocommitOff ? Command.AUTOCOMMIT_OFF : Command.NOTHING;
    }

    private Statement insert() {
        boolean ignore = accept("IGNORE");
        expect("INTO");
        String table = word();
        List<String> columns = new ArrayList<>();
        if (accept("(")) {
            do {
                columns.add(word());
            } while (accept(","));
            expect(")");
        }
        List<List<Expression>> rows = null;
        Select select = null;
        if (accept("VALUES")) {
            rows = new ArrayList<>();
            do {
                expect("(");
                rows.add(list());
                expect(")");
            } while (accept(","));
        } else {
            expect("SELECT");
            select = select();
        }
        List<Assignment> onDuplicate = null;
        if (accept("ON")) {
            expect("DUPLICATE");
            expect("KEY");
            expect("UPDATE");
            onDuplicate = assignments();
        }
        return new Statement.Insert(table, columns, rows, select, onDuplicate, ignore);
    }

    private Statement update() {
        String table = word();
        String alias = peek().kind() == Kind.WORD && !peek().upper().equals("SET") ? word() : table;
        expect("SET");
        List<Assignment> set = assignments();
        return new Statement.Update(new From(table, alias, null, false), set, accept("WHERE") ? expression() : null);
    }

    private List<Assignment> assignments() {
        List<Assignment> all = new ArrayList<>();
        do {
            String column = word();
            if (accept(".")) {
                column = word();
            }
            expect("=");
            all.add(new Assignment(column, expression()));
        } while (accept(","));
        return all;
    }

    /** After the word SELECT. */
    @Override
    Select select() {
        boolean distinct = accept("DISTINCT");
        List<Item> items = new ArrayList<>();
        do {
            int from = at;
            if (accept("*")) {
                items.add(new Item(null, "*"));
                continue;
            }
            Expression expression = expression();
            String name = accept("AS") ? word() : tokens.get(at - 1).text();
            if (name.equals(")") && from < at) {
                name = tokens.get(from).text();
            }
            items.add(new Item(expression, name));
        } while (accept(","));
        List<From> from = accept("FROM") ? froms() : List.of();
        Expression where = accept("WHERE") ? expression() : null;
        List<Expression> groupBy = new ArrayList<>();
        if (accept("GROUP")) {
            expect("BY");
            groupBy = list();
        }
        List<Order> orderBy = new ArrayList<>();
        if (accept("ORDER")) {
            expect("BY");
            do {
                Expression by = expression();
                boolean descending = accept("DESC");
                accept("ASC");
                orderBy.add(new Order(by, descending));
            } while (accept(","));
        }
        Expression limit = null;
        Expression offset = null;
        if (accept("LIMIT")) {
            limit = expression();
            if (accept("OFFSET")) {
                offset = expression();
            }
        }
        Lock lock = Lock.NONE;
        if (accept("FOR")) {
            expect(peek().upper().equals("SHARE") ? "SHARE" : "UPDATE");
            lock = accept("SKIP") ? Lock.SKIP_LOCKED : Lock.UPDATE;
            if (lock == Lock.SKIP_LOCKED) {
                expect("LOCKED");
            }
        }
        if (accept("LOCK")) {
            expect("IN");
            expect("SHARE");
            expect("MODE");
            lock = Lock.UPDATE;
        }
        Select union = null;
        if (accept("UNION")) {
            expect("ALL");
            expect("SELECT");
            union = select();
        }
        return new Select(distinct, items, from, where, groupBy, orderBy, limit, offset, lock, union);
    }

    private List<From> froms() {
        List<From> all = new ArrayList<>();
        all.add(from(false));
        while (true) {
            boolean left = accept("LEFT");
            if (accept("JOIN") || (accept("INNER") && accept("JOIN"))) {
                all.add(from(left));
            } else if (accept(",") || (accept("CROSS") && accept("JOIN"))) {
                all.add(from(false));
            } else {
                return all;
            }
        }
    }

    private From from(boolean left) {
        String table = word();
        String alias = table;
        if (accept("AS")) {
            alias = word();
        } else if (peek().kind() == Kind.WORD && !AFTER_TABLE.contains(peek().upper())) {
            alias = word();
        }
        return new From(table, alias, accept("ON") ? expression() : null, left);
    }
}
