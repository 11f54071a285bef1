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
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

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
   * @param yAxis what the values are
   * @param names of the places, from left to right
   * @param series for each of some kinds of values one at each place
   */
  public static byte[] places(String yAxis, List<String> names, Map<String, List<Double>> series) {
    CategoryChart chart = new CategoryChart(WIDTH, HEIGHT);
    AxesChartStyler styler =
        chart
            .getStyler()
            .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
            .setXAxisLabelRotation(names.size() > MOST_LEVEL_NAMES ? ASLANT : 0);
    DoubleStream values =
        series.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue);
    ifLevel(values, (below, above) -> styler.setYAxisMin(below).setYAxisMax(above));
    series.forEach((name, of) -> chart.addSeries(name, names, of));
    return png(chart, styler, "", yAxis);
  }

  /**
   * Points.
   *
   * @param xAxis what lies to the right
   * @param yAxis what lies upwards
   */
  public static byte[] points(String xAxis, String yAxis, List<Point> points) {
    XYChart chart = new XYChart(WIDTH, HEIGHT);
    double[] x = points.stream().mapToDouble(Point::x).toArray();
    double[] y = points.stream().mapToDouble(Point::y).toArray();
    AxesChartStyler styler =
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    styler.setLegendVisible(false);
    ifLevel(DoubleStream.of(x), (below, above) -> styler.setXAxisMin(below).setXAxisMax(above));
    ifLevel(DoubleStream.of(y), (below, above) -> styler.setYAxisMin(below).setYAxisMax(above));
    chart.addSeries(yAxis, x, y);
    return png(chart, styler, xAxis, yAxis);
  }

  /** Values that are all the same need limits around them: the library draws none otherwise. */
  private static void ifLevel(DoubleStream values, BiConsumer<Double, Double> limits) {
    DoubleSummaryStatistics all = values.summaryStatistics();
    double value = all.getMin();
    if (value == all.getMax()) {
      double margin = value == 0 ? 1 : Math.abs(value) / 10;
      limits.accept(value - margin, value + margin);
    }
  }

  private static byte[] png(Chart<?, ?> chart, AxesChartStyler styler, String xAxis, String yAxis) {
    styler.setLocale(Locale.ROOT).setChartBackgroundColor(Color.WHITE);
    chart.setXAxisTitle(xAxis);
    chart.setYAxisTitle(yAxis);
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
