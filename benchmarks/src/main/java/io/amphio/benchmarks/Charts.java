package io.amphio.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Charts of a group, as SVG and as PNG. */
final class Charts {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 640;

    private Charts() {}

    /** Writes them; a machine without fonts gets none, and a line that says so. */
    static void write(Path folder, String group, List<Row> rows) {
        try {
            if (group.equals("scale")) {
                save(folder.resolve(group), scale(rows));
            } else if (!group.equals("jmh")) {
                save(folder.resolve(group), comparison(group, rows));
            }
        } catch (IOException | RuntimeException | LinkageError noFonts) {
            System.err.println(group + ": no chart, as this machine cannot draw: " + noFonts);
        }
    }

    private static void save(Path path, Chart<?, ?> chart) throws IOException {
        BitmapEncoder.saveBitmap(chart, path.toString(), BitmapEncoder.BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    }

    /** All contenders relative to ours, which is 1: a bar below that is better, for rates too. */
    private static CategoryChart comparison(String group, List<Row> rows) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(group + ": cost relative to Amphio (1), less is better")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisLabelRotation(45);
        chart.getStyler().setYAxisMax(5.0); // what is far worse would make the rest unreadable
        Set<String> engines = new LinkedHashSet<>();
        rows.forEach(row -> row.contenders.forEach(one -> engines.add(one.engine())));
        List<String> names = rows.stream().map(row -> row.name).toList();
        for (String engine : engines) {
            List<@Nullable Double> relative = new ArrayList<>();
            for (Row row : rows) {
                relative.add(relative(row, engine));
            }
            chart.addSeries(engine, names, relative);
        }
        return chart;
    }

    private static @Nullable Double relative(Row row, String engine) {
        Metric metric = row.metrics.getFirst();
        return row.best(Contender.Kind.OURS, metric)
                .flatMap(ours -> row.median(ours.engine(), metric))
                .flatMap(ours -> row.median(engine, metric)
                        .filter(value -> value > 0 && ours > 0)
                        .map(value -> metric.lessIsBetter() ? value / ours : ours / value))
                .orElse(null);
    }

    /** The cost of each over how many there are, on logarithmic axes: {@code task/1000} and the like. */
    private static XYChart scale(List<Row> rows) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("What one costs, of so many: flat is good")
                .xAxisTitle("how many")
                .yAxisTitle("ns or bytes each")
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        for (Row row : rows) {
            String[] parts = row.name.split("/", 2);
            for (Metric metric : row.metrics) {
                row.best(Contender.Kind.OURS, metric)
                        .flatMap(ours -> row.median(ours.engine(), metric))
                        .filter(value -> value > 0)
                        .ifPresent(value -> lines.computeIfAbsent(
                                        parts[0] + ", " + metric.unit(), _ -> new ArrayList<>())
                                .add(new double[] {Double.parseDouble(parts[1]), value}));
            }
        }
        lines.forEach((name, points) -> chart.addSeries(
                name,
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> point[1]).toArray()));
        return chart;
    }
}
