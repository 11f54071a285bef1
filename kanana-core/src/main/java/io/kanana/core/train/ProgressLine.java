package io.kanana.core.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says in one line where a run stands: steps, loss, tokens and FLOP per second, memory, time left.
 * Speeds are means over the last steps. What matters least is left out where the line would be
 * wider than the terminal. Not safe for use by several threads.
 */
public final class ProgressLine implements TrainingListener {
  /** Steps that speeds are averaged over. */
  private static final int WINDOW = 20;

  private record Speed(long tokens, double flops, double seconds) {}

  /** A part of the line; the higher the rank, the sooner it is left out. */
  private record Part(int rank, String text) {}

  private final long totalSteps;
  private final OptionalDouble peakFlops;
  private final int columns;
  private final LongSupplier usedMemory;
  private final Consumer<String> sink;
  private final Deque<Speed> recent = new ArrayDeque<>();
  private long tokens;

  /**
   * @param totalSteps of the run
   * @param tokens trained on before the first report
   * @param peakFlops FLOP per second of the device, where known
   * @param columns the widest line
   * @param usedMemory bytes in use; 0 where unknown
   * @param sink takes each line, such as {@code progress::status}
   */
  public ProgressLine(
      long totalSteps,
      long tokens,
      OptionalDouble peakFlops,
      int columns,
      LongSupplier usedMemory,
      Consumer<String> sink) {
    this.totalSteps = totalSteps;
    this.tokens = tokens;
    this.peakFlops = peakFlops;
    this.columns = columns;
    this.usedMemory = usedMemory;
    this.sink = sink;
  }

  /**
   * How wide a terminal is.
   *
   * @param columns the environment's COLUMNS, may be null
   * @return 80 where it says nothing useful
   */
  public static int columns(String columns) {
    return columns != null && columns.strip().matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(columns.strip())
        : 80;
  }

  @Override
  public void stepped(StepReport report) {
    recent.addLast(new Speed(report.tokens() - tokens, report.flops(), report.seconds()));
    tokens = report.tokens();
    if (recent.size() > WINDOW) {
      recent.removeFirst();
    }
    sink.accept(line(report));
  }

  private String line(StepReport report) {
    double seconds = Math.max(1e-9, recent.stream().mapToDouble(Speed::seconds).sum());
    double flops = recent.stream().mapToDouble(Speed::flops).sum() / seconds;
    long positions = recent.stream().mapToLong(Speed::tokens).sum();
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(0, String.format(Locale.ROOT, "step %d/%d", report.step(), totalSteps)));
    parts.add(new Part(1, String.format(Locale.ROOT, "loss %.4f", report.loss())));
    if (!report.updated()) {
      parts.add(new Part(2, "skipped"));
    }
    parts.add(new Part(4, scaled(positions / seconds, "tokens/s")));
    parts.add(new Part(5, scaled(flops, "FLOP/s") + share(flops)));
    if (usedMemory.getAsLong() > 0) {
      parts.add(new Part(6, memory(usedMemory.getAsLong())));
    }
    double left = (totalSteps - report.step()) * seconds / recent.size();
    parts.add(new Part(3, time(left) + " left"));
    return fit(parts);
  }

  private String fit(List<Part> parts) {
    int keep = 6;
    String line = join(parts, keep);
    while (line.length() > columns && keep > 0) {
      line = join(parts, --keep);
    }
    return line.length() > columns ? line.substring(0, columns) : line;
  }

  private static String join(List<Part> parts, int keep) {
    List<String> texts = parts.stream().filter(part -> part.rank <= keep).map(Part::text).toList();
    return String.join("  ", texts);
  }

  private String share(double flops) {
    return peakFlops.isEmpty()
        ? ""
        : String.format(Locale.ROOT, " (%.0f %%)", 100 * flops / peakFlops.getAsDouble());
  }

  private static String memory(long bytes) {
    return bytes < 1L << 30
        ? (bytes >> 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  /** Three digits with a decimal prefix, such as 12.3 k. */
  static String scaled(double value, String unit) {
    String[] prefixes = {"", "k", "M", "G", "T", "P", "E"};
    double rest = value;
    int prefix = 0;
    while (rest >= 999.5 && prefix < prefixes.length - 1) {
      rest /= 1000;
      prefix++;
    }
    String format = rest < 9.995 ? "%.2f %s%s" : rest < 99.95 ? "%.1f %s%s" : "%.0f %s%s";
    return String.format(Locale.ROOT, format, rest, prefixes[prefix], unit);
  }

  /** A duration such as 45s, 3m05s, 2h07m, 4d03h. */
  public static String time(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + "s";
    }
    if (s < 3600) {
      return String.format(Locale.ROOT, "%dm%02ds", s / 60, s % 60);
    }
    return s < 86400
        ? String.format(Locale.ROOT, "%dh%02dm", s / 3600, s % 3600 / 60)
        : String.format(Locale.ROOT, "%dd%02dh", s / 86400, s % 86400 / 3600);
  }
}
