package io.kanana.posttrain.preference;

import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Records that are left out, counted by reason with the first of each; for one thread. */
public final class RewardFaults implements Quarantine {
  private final SortedMap<String, Integer> counts = new TreeMap<>();
  private final SortedMap<String, String> firsts = new TreeMap<>();

  @Override
  public void reject(RejectedRecord rejected) {
    add(rejected.reason(), rejected.file() + ":" + rejected.line(), rejected.detail());
  }

  /**
   * @param reason in kebab-case
   * @param id of the record
   * @param detail what was found
   */
  void add(String reason, String id, String detail) {
    counts.merge(reason, 1, Integer::sum);
    firsts.putIfAbsent(reason, id + ": " + detail);
  }

  /** How many there are of each reason. */
  public SortedMap<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  /** One line for each reason, for people. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (reason, count) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%,d left out: %s, the first at %s",
                    count,
                    reason,
                    firsts.get(reason))));
    return lines;
  }
}
