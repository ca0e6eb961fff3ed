package io.seckill.loadtest.simulation.sql;

import java.util.List;
import java.util.Map;

/** What an expression can see: the rows that are joined at the moment, the parameters, and the scope around a subquery. */
final class Scope {
    /** A table, or what stands for one, under its name in a statement. */
    record Source(String alias, Map<String, Integer> columns) {}

    final Session session;
    final Object[] parameters;
    final Scope outer;
    final List<Source> sources;
    final Object[][] rows;
    /** The rows of a group, while it is computed. */
    List<Object[][]> group;

    Scope(Session session, Object[] parameters, Scope outer, List<Source> sources) {
        this.session = session;
        this.parameters = parameters;
        this.outer = outer;
        this.sources = sources;
        this.rows = new Object[sources.size()][];
    }

    Object column(String alias, String name) {
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            if (alias == null || source.alias.equals(alias)) {
                Integer at = source.columns.get(name);
                if (at != null) {
                    return rows[i] == null ? null : rows[i][at];
                }
            }
        }
        if (outer != null) {
            return outer.column(alias, name);
        }
        throw new SqlError(1054, "42S22", "Unknown column '" + (alias == null ? "" : alias + '.') + name + "'");
    }
}
