package io.kanana.data.filter.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CascadeStatsTest {
  private static final List<String> STEPS = List.of("first", "second");

  /** Draws of anything that a shard may report. */
  private static final class Draws {
    private static final List<Object> VALUES = List.of(1, 2.5, "1", "2.5", "x");

    private final RandomKey key;
    private int drawn;

    Draws(long seed) {
      this.key = RandomKey.of(seed);
    }

    int below(int bound) {
      return key.below(drawn++, bound);
    }

    private Volume volume() {
      return new Volume(below(100), below(10_000), below(1_000));
    }

    private SortedMap<String, Long> counts() {
      SortedMap<String, Long> counts = new TreeMap<>();
      for (int i = below(4); i > 0; i--) {
        counts.put("k" + below(5), (long) below(50));
      }
      return counts;
    }

    private SortedMap<String, Flow> flows() {
      SortedMap<String, Flow> flows = new TreeMap<>();
      for (int i = below(4); i > 0; i--) {
        flows.put("k" + below(5), new Flow(below(50), below(50)));
      }
      return flows;
    }

    private SortedMap<String, SortedMap<String, Long>> ends() {
      SortedMap<String, SortedMap<String, Long>> ends = new TreeMap<>();
      for (int i = below(4); i > 0; i--) {
        ends.put("fault" + below(3), counts());
      }
      return ends;
    }

    CascadeStats stats() {
      List<StepStats> steps = new ArrayList<>();
      for (String name : STEPS) {
        steps.add(
            new StepStats(
                name, volume(), volume(), below(9), counts(), flows(), flows(), below(1 << 30)));
      }
      return new CascadeStats(volume(), volume(), counts(), steps, new Trace(ends(), ends()));
    }

    private List<Sample> drawnSamples() {
      List<Sample> samples = new ArrayList<>();
      for (int i = below(5); i > 0; i--) {
        samples.add(
            new Sample(
                below(3),
                "d" + below(2),
                "t" + below(2),
                below(2) == 0 ? null : "b" + below(2),
                below(2) == 0 ? null : "r" + below(2),
                VALUES.get(below(VALUES.size()))));
      }
      return samples.stream().sorted(Sample.ORDER).limit(3).toList();
    }

    Samples samples() {
      return new Samples(
          List.of(new Samples.OfStep(3, drawnSamples(), drawnSamples(), drawnSamples())));
    }
  }

  @RepeatedTest(20)
  void mergingIsAssociativeAndCommutative(RepetitionInfo repetition) {
    Draws draws = new Draws(repetition.getCurrentRepetition());
    CascadeStats a = draws.stats();
    CascadeStats b = draws.stats();
    CascadeStats c = draws.stats();
    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
    assertThat(a.merge(b)).isEqualTo(b.merge(a)).isNotEqualTo(a);
    assertThat(CascadeStats.none(STEPS).merge(a)).isEqualTo(a);
  }

  @RepeatedTest(20)
  void soItIsForSamples(RepetitionInfo repetition) {
    Draws draws = new Draws(100 + repetition.getCurrentRepetition());
    Samples a = draws.samples();
    Samples b = draws.samples();
    Samples c = draws.samples();
    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
    assertThat(a.merge(b)).isEqualTo(b.merge(a));
    assertThat(Samples.none(1, 3).merge(a)).isEqualTo(a);
  }

  @Test
  void differentCascadesAreNotMixed() {
    CascadeStats one = CascadeStats.none(List.of("first", "other"));
    assertThatThrownBy(() -> CascadeStats.none(STEPS).merge(one))
        .hasMessage("second and other are different steps");
    assertThatThrownBy(() -> CascadeStats.none(STEPS).merge(CascadeStats.none(List.of("first"))))
        .hasMessage("statistics of 2 and of 1 steps");
  }

  @Test
  void theRestOfTheDomainsIsSummedUp() {
    SortedMap<String, Flow> domains = new TreeMap<>();
    domains.put("a", new Flow(1, 1));
    domains.put("b", new Flow(5, 2));
    domains.put("c", new Flow(5, 0));
    domains.put("d", new Flow(2, 1));
    StepStats step =
        new StepStats(
            "s", Volume.NONE, Volume.NONE, 0, new TreeMap<>(), domains, new TreeMap<>(), 0);
    assertThat(step.withLargest(2).domains())
        .hasToString("{(others)=Flow[in=3, out=2], b=Flow[in=5, out=2], c=Flow[in=5, out=0]}");
    assertThat(step.withLargest(4)).isSameAs(step);
  }

  @Test
  void theRestOfTheLanguagesAndLabelsIsSummedUpToo() {
    SortedMap<String, Flow> languages = new TreeMap<>();
    languages.put("de", new Flow(1, 1));
    languages.put("en", new Flow(3, 2));
    languages.put("ko", new Flow(2, 2));
    StepStats step =
        new StepStats(
            "s", Volume.NONE, Volume.NONE, 0, new TreeMap<>(), new TreeMap<>(), languages, 0);
    SortedMap<String, SortedMap<String, Long>> ended = new TreeMap<>();
    ended.put(Trace.NO_LABEL, new TreeMap<>(Map.of("s", 1L)));
    ended.put("a", new TreeMap<>(Map.of("s", 1L, Trace.KEPT, 1L)));
    ended.put("b", new TreeMap<>(Map.of("s", 2L, Trace.KEPT, 1L)));
    ended.put("c", new TreeMap<>(Map.of("s", 1L)));
    Trace trace = new Trace(ended, ended);
    CascadeStats stats =
        new CascadeStats(Volume.NONE, Volume.NONE, new TreeMap<>(), List.of(step), trace)
            .withLargest(1);
    assertThat(stats.steps().getFirst().languages())
        .hasToString("{(others)=Flow[in=3, out=3], en=Flow[in=3, out=2]}");
    assertThat(stats.trace().ended())
        .hasToString("{(none)={s=1}, (others)={(kept)=1, s=2}, b={(kept)=1, s=2}}")
        .isEqualTo(stats.trace().changed());
    assertThat(trace.withLargest(3)).isEqualTo(trace);
  }

  @Test
  void samplesThatDifferInAnythingAreOrdered() {
    List<Sample> samples =
        List.of(
            new Sample(1, "d", "t", null, null, null),
            new Sample(1, "d", "t", null, null, 1),
            new Sample(1, "d", "t", null, null, "1"),
            new Sample(1, "d", "t", null, "why", null),
            new Sample(1, "d", "t", "before", null, null));
    Set<Sample> distinct = new TreeSet<>(Sample.ORDER);
    distinct.addAll(samples);
    assertThat(distinct).hasSameSizeAs(samples);
  }
}
