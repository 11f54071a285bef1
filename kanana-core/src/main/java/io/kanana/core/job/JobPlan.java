package io.kanana.core.job;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a job would take, as lines for {@code --dry-run}: parameters, memory, operations.
 *
 * @param entries in the order of printing
 */
public record JobPlan(List<Entry> entries) {
  /** A quantity and its value with the unit: {@code parameters}, {@code 10,234,112}. */
  public record Entry(String quantity, String value) {}

  public JobPlan {
    entries = List.copyOf(entries);
  }

  /** The same plan with one more line. */
  public JobPlan with(String quantity, String value) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(new Entry(quantity, value));
    return new JobPlan(more);
  }

  /** A plan without lines, to start {@link #with} from. */
  public static JobPlan empty() {
    return new JobPlan(List.of());
  }

  @Override
  public String toString() {
    int width = entries.stream().mapToInt(entry -> entry.quantity.length()).max().orElse(0);
    return entries.stream()
        .map(
            entry -> entry.quantity + " ".repeat(width - entry.quantity.length() + 2) + entry.value)
        .collect(Collectors.joining("\n"));
  }
}
