package io.seckill.loadtest.simulation.mysql;

import io.seckill.loadtest.simulation.sql.Session;
import io.vertx.sqlclient.PropertyKind;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import io.vertx.sqlclient.internal.ArrayTuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** A result as vertx-sql-client hands it out. */
final class Rows implements RowSet<Row> {
    private final Session.Result result;
    private final List<Row> rows = new ArrayList<>();

    Rows(Session.Result result) {
        this.result = result;
        result.rows().forEach(values -> rows.add(new ResultRow(values, result.columns())));
    }

    @Override
    public RowIterator<Row> iterator() {
        Iterator<Row> all = rows.iterator();
        return new RowIterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Row next() {
                return all.next();
            }
        };
    }

    @Override
    public int rowCount() {
        return result.count();
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public List<String> columnsNames() {
        return result.columns();
    }

    @Override
    public List<ColumnDescriptor> columnDescriptors() {
        return List.of();
    }

    @Override
    public <V> V property(PropertyKind<V> kind) {
        return null;
    }

    @Override
    public RowSet<Row> value() {
        return this;
    }

    @Override
    public RowSet<Row> next() {
        return null;
    }

    private static final class ResultRow extends ArrayTuple implements Row {
        private final List<String> columns;

        ResultRow(Object[] values, List<String> columns) {
            super(Arrays.asList(values));
            this.columns = columns;
        }

        @Override
        public String getColumnName(int position) {
            return columns.get(position);
        }

        @Override
        public int getColumnIndex(String column) {
            return columns.indexOf(column);
        }
    }
}
