package io.seckill.loadtest.simulation.sql;

import io.seckill.loadtest.simulation.sql.Statement.From;
import io.seckill.loadtest.simulation.sql.Statement.Item;
import io.seckill.loadtest.simulation.sql.Statement.Lock;
import io.seckill.loadtest.simulation.sql.Statement.Order;
import io.seckill.loadtest.simulation.sql.Statement.Select;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One run of a SELECT: joins row by row, which is quick enough for tables of some hundred rows. */
final class Selection {
    private static final class Sorted {
        final Object[] row;
        final Object[] keys;

        Sorted(Object[] row, Object[] keys) {
            this.row = row;
            this.keys = keys;
        }
    }

    private final Session session;
    private final Select select;
    private final Scope scope;
    private final List<Object[][]> joined = new ArrayList<>();

    Selection(Session session, Select select, Object[] parameters, Scope outer) {
        this.session = session;
        this.select = select;
        List<Scope.Source> sources = new ArrayList<>();
        for (From from : select.from()) {
            sources.add(new Scope.Source(from.alias(), session.columns(from.table())));
        }
        this.scope = new Scope(session, parameters, outer, sources);
    }

    Session.Result result() {
        List<List<Object[]>> tables = new ArrayList<>();
        for (From from : select.from()) {
            tables.add(select.lock() == Lock.NONE ? session.rows(from.table()) : locked(from));
        }
        join(tables, 0);
        List<Sorted> rows = isAggregate() ? grouped() : plain();
        if (select.distinct()) {
            Set<List<Object>> seen = new HashSet<>();
            rows.removeIf(row -> !seen.add(Arrays.asList(row.row)));
        }
        sort(rows);
        List<Object[]> result = limited(rows);
        if (select.union() != null) {
            result.addAll(session.select(select.union(), scope.parameters, scope.outer)
                    .rows());
        }
        return new Session.Result(names(), result, result.size());
    }

    // Only for one table, as the product does it; the limit bounds what is locked.
    private List<Object[]> locked(From from) {
        List<Object[]> rows = new ArrayList<>();
        session.lockFor(select, from, scope.parameters).forEach(row -> rows.add(row.pending));
        return rows;
    }

    private void join(List<List<Object[]>> tables, int at) {
        if (at == tables.size()) {
            if (select.where() == null || select.where().isTrue(scope)) {
                joined.add(scope.rows.clone());
            }
            return;
        }
        From from = select.from().get(at);
        boolean any = false;
        for (Object[] row : tables.get(at)) {
            scope.rows[at] = row;
            if (from.on() == null || from.on().isTrue(scope)) {
                any = true;
                join(tables, at + 1);
            }
        }
        if (!any && from.left()) {
            scope.rows[at] = null;
            join(tables, at + 1);
        }
    }

    private boolean isAggregate() {
        return !select.groupBy().isEmpty()
                || select.items().stream()
                        .anyMatch(item ->
                                item.expression() != null && item.expression().isAggregate());
    }

    private List<Sorted> plain() {
        List<Sorted> rows = new ArrayList<>();
        for (Object[][] row : joined) {
            System.arraycopy(row, 0, scope.rows, 0, row.length);
            rows.add(row());
        }
        return rows;
    }

    private List<Sorted> grouped() {
        Map<List<Object>, List<Object[][]>> groups = new LinkedHashMap<>();
        if (select.groupBy().isEmpty()) {
            groups.put(List.of(), new ArrayList<>());
        }
        for (Object[][] row : joined) {
            System.arraycopy(row, 0, scope.rows, 0, row.length);
            List<Object> key = new ArrayList<>();
            select.groupBy().forEach(by -> key.add(by.value(scope)));
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
        }
        List<Sorted> rows = new ArrayList<>();
        groups.values().forEach(group -> {
            scope.group = group;
            if (!group.isEmpty()) {
                System.arraycopy(group.get(0), 0, scope.rows, 0, scope.rows.length);
            }
            rows.add(row());
        });
        return rows;
    }

    private Sorted row() {
        List<Object> values = new ArrayList<>();
        for (Item item : select.items()) {
            if (item.expression() == null) {
                for (Object[] source : scope.rows) {
                    values.addAll(Arrays.asList(source));
                }
            } else {
                values.add(item.expression().value(scope));
            }
        }
        Object[] keys = new Object[select.orderBy().size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = select.orderBy().get(i).by().value(scope);
        }
        return new Sorted(values.toArray(), keys);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Item item : select.items()) {
            if (item.expression() == null) {
                scope.sources.forEach(source -> names.addAll(source.columns().keySet()));
            } else {
                names.add(item.name());
            }
        }
        return names;
    }

    private void sort(List<Sorted> rows) {
        List<Order> orders = select.orderBy();
        if (orders.isEmpty()) {
            return;
        }
        rows.sort((a, b) -> {
            for (int i = 0; i < orders.size(); i++) {
                int order = compare(a.keys[i], b.keys[i]);
                if (order != 0) {
                    return orders.get(i).descending() ? -order : order;
                }
            }
            return 0;
        });
    }

    private static int compare(Object a, Object b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? -1 : 1;
        }
        return Values.compare(a, b);
    }

    private List<Object[]> limited(List<Sorted> rows) {
        List<Object[]> result = new ArrayList<>();
        long limit = select.limit() == null
                ? Long.MAX_VALUE
                : Values.number(select.limit().value(scope));
        long skip = select.offset() == null ? 0 : Values.number(select.offset().value(scope));
        for (Sorted row : rows) {
            if (skip-- > 0) {
                continue;
            }
            if (result.size() >= limit) {
                break;
            }
            result.add(row.row);
        }
        return result;
    }
}
