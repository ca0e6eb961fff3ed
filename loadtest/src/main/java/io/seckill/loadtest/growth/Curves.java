package io.seckill.loadtest.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was measured against one thing that grows: a table, of which each quantity is a plot. Walk on with {@link Plot}.
 *
 * @param against what grows, in the plural
 */
record Curves(String against, List<Column> columns, List<Point> points) {
    /**
     * One of the values of a point.
     *
     * @param plot columns of one plot have one unit
     */
    record Column(String name, String unit, int digits, Plot.Frame plot) {
        String heading() {
            return unit.isEmpty() ? name : name + ", " + unit;
        }
    }

    /** @param values one of each column */
    record Point(int at, List<Double> values) {}

    Curves {
        columns = List.copyOf(columns);
        points = List.copyOf(points);
        for (Point point : points) {
            if (point.values().size() != columns.size()) {
                throw new IllegalArgumentException(point + " has not a value for each of " + columns);
            }
        }
    }

    List<Plot.Frame> plots() {
        return columns.stream().map(Column::plot).distinct().toList();
    }

    /** The values of a column, point after point. */
    List<Double> values(Column column) {
        int index = columns.indexOf(column);
        return points.stream().map(point -> point.values().get(index)).toList();
    }

    static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    String markdown() {
        List<String> head = new ArrayList<>(List.of(against));
        columns.forEach(column -> head.add(column.heading()));
        StringBuilder text = new StringBuilder(row(head))
                .append(row(head.stream().map(cell -> "---").toList()));
        for (Point point : points) {
            List<String> cells = new ArrayList<>(List.of(number(point.at(), 0)));
            for (int i = 0; i < columns.size(); i++) {
                cells.add(number(point.values().get(i), columns.get(i).digits()));
            }
            text.append(row(cells));
        }
        return text.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
