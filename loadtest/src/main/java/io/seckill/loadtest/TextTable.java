package io.seckill.loadtest;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines the cells of a report up for a terminal: the third column holds figures and is flushed right, all others left. A
 * row of one cell is a heading.
 */
final class TextTable {

    private static final String GAP = "  ";
    private static final int FIGURES = 2;

    private final List<String[]> rows = new ArrayList<>();

    TextTable row(String... cells) {
        rows.add(cells.clone());
        return this;
    }

    String render() {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; row.length > 1 && i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            lines.add(line(row, widths));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String line(String[] row, int[] widths) {
        if (row.length == 1) {
            return row[0];
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String space = " ".repeat(widths[i] - row[i].length());
            line.append(GAP).append(i == FIGURES ? space + row[i] : row[i] + space);
        }
        return line.toString().stripTrailing();
    }
}
