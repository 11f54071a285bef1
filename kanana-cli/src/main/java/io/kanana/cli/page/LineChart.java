package io.kanana.cli.page;

import io.kanana.core.html.HtmlText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A small chart as SVG: lines of many points, dots where there are few. Its colours are the page's,
 * so it is light or dark with it. Values that span more than a factor of {@value #WIDE} stand on a
 * logarithmic axis.
 *
 * @param title what the values are
 * @param across what the horizontal axis counts
 * @param series at least one, with at least one point
 */
record LineChart(String title, String across, List<Series> series) {
  record Point(double x, double y) {}

  /**
   * @param name in the legend
   */
  record Series(String name, List<Point> points) {
    Series {
      points = List.copyOf(points);
    }
  }

  private static final int WIDTH = 360;
  private static final int HEIGHT = 210;
  private static final int LEFT = 48;
  private static final int RIGHT = 8;
  private static final int TOP = 8;
  private static final int BOTTOM = 36;

  /** A line of more points is drawn as means of neighbours. */
  private static final int MOST_POINTS = 240;

  private static final int DOTS = 24;
  private static final int TICKS = 4;
  private static final double WIDE = 5;

  /** Values that differ by no more than this share are drawn as one. */
  private static final double SAME = 1e-9;

  /** As many as the style sheet knows. */
  private static final int COLOURS = 8;

  LineChart {
    series = series.stream().filter(each -> !each.points.isEmpty()).toList();
  }

  /** Values and the pixels that stand for them. */
  private record Axis(double least, double most, boolean logarithmic, double from, double to) {
    static Axis of(DoubleStream values, boolean mayBeLogarithmic, double from, double to) {
      var all = values.summaryStatistics();
      boolean logarithmic =
          mayBeLogarithmic && all.getMin() > 0 && all.getMax() > WIDE * all.getMin();
      double size = Math.max(Math.abs(all.getMin()), Math.abs(all.getMax()));
      boolean apart = all.getMax() - all.getMin() > SAME * size;
      double room = apart ? 0 : Math.max(SAME, size / 10);
      return new Axis(all.getMin() - room, all.getMax() + room, logarithmic, from, to);
    }

    double at(double value) {
      double share = (scaled(value) - scaled(least)) / (scaled(most) - scaled(least));
      return from + share * (to - from);
    }

    private double scaled(double value) {
      return logarithmic ? Math.log(value) : value;
    }

    /** Round values within the axis. */
    List<Double> ticks() {
      List<Double> ticks = logarithmic ? roundOfEverySize() : List.of();
      return ticks.size() >= 2 ? ticks : evenlyApart();
    }

    private List<Double> evenlyApart() {
      double apart = round((most - least) / TICKS);
      List<Double> ticks = new ArrayList<>();
      for (double n = Math.ceil(least / apart); n * apart <= most; n++) {
        ticks.add(n * apart);
      }
      return ticks;
    }

    /** The powers of ten, with their doubles and fives where these are few. */
    private List<Double> roundOfEverySize() {
      int[] digits = most / least > 1000 ? new int[] {1} : new int[] {1, 2, 5};
      List<Double> ticks = new ArrayList<>();
      for (int power = (int) Math.floor(Math.log10(least)); Math.pow(10, power) <= most; power++) {
        for (int digit : digits) {
          double value = digit * Math.pow(10, power);
          if (value >= least && value <= most) {
            ticks.add(value);
          }
        }
      }
      return ticks;
    }

    /** The next larger of 1, 2, 5, 10 times a power of ten. */
    private static double round(double value) {
      double power = Math.pow(10, Math.floor(Math.log10(value)));
      for (int digit : new int[] {1, 2, 5}) {
        if (digit * power >= value) {
          return digit * power;
        }
      }
      return 10 * power;
    }
  }

  void appendTo(StringBuilder page) {
    Axis x = Axis.of(all().mapToDouble(Point::x), false, LEFT, WIDTH - RIGHT);
    Axis y = Axis.of(all().mapToDouble(Point::y), true, HEIGHT - BOTTOM, TOP);
    page.append("<figure>\n<figcaption>").append(HtmlText.escape(title));
    legend(page);
    page.append("</figcaption>\n");
    page.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            HEIGHT,
            HtmlText.escape(title)));
    axes(page, x, y);
    for (int i = 0; i < series.size(); i++) {
      draw(page, series.get(i), i, x, y);
    }
    page.append("</svg>\n</figure>\n");
  }

  private Stream<Point> all() {
    return series.stream().flatMap(each -> each.points.stream());
  }

  private void legend(StringBuilder page) {
    for (int i = 0; i < series.size(); i++) {
      page.append(" <span class=\"key series-").append(i % COLOURS).append("\">");
      page.append(HtmlText.escape(series.get(i).name)).append("</span>");
    }
  }

  private void axes(StringBuilder page, Axis x, Axis y) {
    for (double tick : y.ticks()) {
      double height = y.at(tick);
      line(page, LEFT, height, WIDTH - RIGHT, height);
      text(page, LEFT - 6, height + 4, "end", number(tick));
    }
    for (double tick : x.ticks()) {
      double at = x.at(tick);
      text(page, at, HEIGHT - BOTTOM + 16, at > WIDTH - 30 ? "end" : "middle", number(tick));
    }
    text(page, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "middle", across);
  }

  private static void line(StringBuilder page, double x1, double y1, double x2, double y2) {
    page.append(
        String.format(
            Locale.ROOT,
            "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder page, double x, double y, String anchor, String text) {
    page.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            HtmlText.escape(text)));
  }

  private static void draw(StringBuilder page, Series series, int number, Axis x, Axis y) {
    List<Point> points = thinned(series.points);
    page.append("<g class=\"series-").append(number % COLOURS).append("\"><polyline points=\"");
    points.forEach(
        point ->
            page.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(point.x), y.at(point.y))));
    page.append("\"/>");
    if (points.size() <= DOTS) {
      points.forEach(point -> dot(page, series.name, point, x, y));
    }
    page.append("</g>\n");
  }

  private static void dot(StringBuilder page, String name, Point point, Axis x, Axis y) {
    page.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>%s, %s: %s</title></circle>",
            x.at(point.x),
            y.at(point.y),
            HtmlText.escape(name),
            number(point.x),
            number(point.y)));
  }

  private static List<Point> thinned(List<Point> points) {
    int together = Math.ceilDiv(points.size(), MOST_POINTS);
    List<Point> thinned = new ArrayList<>();
    for (int from = 0; from < points.size(); from += together) {
      List<Point> some = points.subList(from, Math.min(points.size(), from + together));
      thinned.add(
          new Point(
              some.stream().mapToDouble(Point::x).average().orElseThrow(),
              some.stream().mapToDouble(Point::y).average().orElseThrow()));
    }
    return thinned;
  }

  /** Three digits, and of a number below a million all before the point. */
  static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal digits = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e6 || size < 1e-3) {
      int exponent = digits.precision() - digits.scale() - 1;
      return digits.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }
    return size >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : digits.toPlainString();
  }
}
