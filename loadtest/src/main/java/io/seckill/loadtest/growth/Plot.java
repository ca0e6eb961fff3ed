package io.seckill.loadtest.growth;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler;

/** Draws {@link Curves}: lines over the measured points, which stand at equal distances, whatever lies between them. */
final class Plot {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 320;

    /** What a plot shows. */
    enum Frame {
        ACCEPTED("accepted a second", false),
        LATENCY("latency, ms", true),
        MEMORY("MiB", false),
        CALL("µs", true);

        private final String axis;
        /** Where values differ by orders of magnitude, equal distances are equal ratios. */
        private final boolean logarithmic;

        Frame(String axis, boolean logarithmic) {
            this.axis = axis;
            this.logarithmic = logarithmic;
        }

        String fileName(Curves curves) {
            return curves.against().replace(' ', '-') + "-" + name().toLowerCase(Locale.ROOT) + ".svg";
        }
    }

    private Plot() {}

    /** Writes one file for each plot. */
    static void write(Curves curves, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Frame frame : curves.plots()) {
            try (Writer to = Files.newBufferedWriter(folder.resolve(frame.fileName(curves)))) {
                draw(curves, frame, to);
            }
        }
    }

    private static CategoryChart chart(Curves curves, Frame frame) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(curves.against())
                .yAxisTitle(frame.axis)
                .theme(Styler.ChartTheme.Matlab)
                .build();
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
        // Lines of one plot share their points, instead of standing side by side as bars do.
        chart.getStyler().setOverlapped(true);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setYAxisLogarithmic(frame.logarithmic);
        // Batik writes each dash of a dashed line as a shape of its own.
        chart.getStyler().setPlotGridLinesStroke(new BasicStroke(1));
        chart.getStyler().setPlotGridLinesColor(Color.LIGHT_GRAY);
        if (!frame.logarithmic) {
            chart.getStyler().setYAxisMin(0.0);
        }
        List<String> at = curves.points().stream()
                .map(point -> Curves.number(point.at(), 0))
                .toList();
        curves.columns().stream()
                .filter(column -> column.plot() == frame)
                .forEach(column -> chart.addSeries(column.name(), at, curves.values(column)));
        return chart;
    }

    static void draw(Curves curves, Frame frame, Writer to) throws IOException {
        CategoryChart chart = chart(curves, frame);
        try {
            SVGGraphics2D graphics = new SVGGraphics2D(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument());
            graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
            chart.paint(graphics, WIDTH, HEIGHT);
            graphics.stream(to, true);
        } catch (ParserConfigurationException e) {
            throw new IOException(e);
        }
    }
}
