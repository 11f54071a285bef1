package io.kanana.core.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;

/** Plots as PNG images. Values must be finite. */
public final class Plots {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;

  /** More names than these stand aslant, so as not to cover one another. */
  private static final int MOST_LEVEL_NAMES = 5;

  private static final int ASLANT = 30;

  private Plots() {}

  /**
   * A point of a plot.
   *
   * @param x to the right
   * @param y upwards
   */
  public record Point(double x, double y) {}

  /** What is to be drawn, in words; an empty text for what needs none. */
  public record Labels(String title, String xAxis, String yAxis) {}

  /** Values from the least to the greatest. Where they are level, the library draws none. */
  private record Range(double min, double max) {
    static Range of(Stream<Double> values) {
      DoubleSummaryStatistics all = values.mapToDouble(Double::doubleValue).summaryStatistics();
      return new Range(all.getMin(), all.getMax());
    }

    void ifLevel(Consumer<Range> room) {
      if (min == max) {
        room.accept(this);
      }
    }

    private double margin() {
      return min == 0 ? 1 : Math.abs(min) / 10;
    }

    double below() {
      return min - margin();
    }

    double above() {
      return max + margin();
    }
  }

  /** Whether this machine can draw: letters take fonts, which small containers lack. */
  public static boolean canDraw() {
    try {
      Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
      return !font.getStringBounds("x", new FontRenderContext(null, false, false)).isEmpty();
    } catch (RuntimeException | InternalError | LinkageError _) {
      return false; // which of them is thrown without fonts depends on the virtual machine
    }
  }

  /**
   * Values side by side.
   *
   * @param names of the places, from left to right
   * @param series for each of some kinds of values one at each place
   */
  public static byte[] places(Labels labels, List<String> names, Map<String, List<Double>> series) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(labels.title)
            .xAxisTitle(labels.xAxis)
            .yAxisTitle(labels.yAxis)
            .build();
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
        .setXAxisLabelRotation(names.size() > MOST_LEVEL_NAMES ? ASLANT : 0)
        .setLocale(Locale.ROOT);
    Range.of(series.values().stream().flatMap(List::stream))
        .ifLevel(r -> chart.getStyler().setYAxisMin(r.below()).setYAxisMax(r.above()));
    series.forEach((name, values) -> chart.addSeries(name, names, values));
    return png(chart);
  }

  /** Points of one or more kinds. */
  public static byte[] points(Labels labels, Map<String, List<Point>> series) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(labels.title)
            .xAxisTitle(labels.xAxis)
            .yAxisTitle(labels.yAxis)
            .build();
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
        .setLocale(Locale.ROOT);
    List<Point> all = series.values().stream().flatMap(List::stream).toList();
    Range.of(all.stream().map(Point::x))
        .ifLevel(r -> chart.getStyler().setXAxisMin(r.below()).setXAxisMax(r.above()));
    Range.of(all.stream().map(Point::y))
        .ifLevel(r -> chart.getStyler().setYAxisMin(r.below()).setYAxisMax(r.above()));
    series.forEach(
        (name, points) ->
            chart.addSeries(
                name,
                points.stream().mapToDouble(Point::x).toArray(),
                points.stream().mapToDouble(Point::y).toArray()));
    return png(chart);
  }

  private static byte[] png(Chart<?, ?> chart) {
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // in memory: ImageIO's own streams want a file of their own for it
    try (ImageOutputStream image = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", image);
    } catch (IOException e) {
      throw new UncheckedIOException("an image in memory cannot be written", e);
    }
    return bytes.toByteArray();
  }
}
