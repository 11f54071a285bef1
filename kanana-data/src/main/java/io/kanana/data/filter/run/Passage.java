package io.kanana.data.filter.run;

import io.kanana.core.error.KananaException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.Verdict;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.Sample;
import io.kanana.data.filter.stats.Samples;
import io.kanana.data.filter.stats.StepStats;
import io.kanana.data.filter.stats.Trace;
import io.kanana.data.filter.stats.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Takes the documents of one shard through the steps of one stage and counts; for one thread. */
final class Passage {
  /** A transform that leaves only white space drops, whatever it says itself. */
  static final String NOTHING_LEFT = "nothing-left";

  /** What became of a document. */
  sealed interface Outcome {
    /** It goes on to the next stage. */
    record Kept(Document document) implements Outcome {}

    /**
     * It ends here.
     *
     * @param step the index of the step
     * @param document as it came to the step
     */
    record Dropped(int step, Document document, Verdict.Drop verdict) implements Outcome {}
  }

  /** A judge and its place in the cascade. */
  record Post(int index, String name, Judge judge) {}

  private final Plan plan;
  private final List<Post> posts;
  private final List<StepTally> tallies;
  private final LongSupplier nanoTime;
  private final SortedMap<String, SortedMap<String, Long>> ended = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, Long>> changed = new TreeMap<>();
  private Volume read = Volume.NONE;
  private Volume kept = Volume.NONE;

  /**
   * What is the same for all shards.
   *
   * @param steps the names of all steps of the cascade
   * @param samples how many of each kind, and how much of each
   * @param key draws the samples
   */
  record Plan(
      List<String> steps, Surveyor surveyor, FilterConfig.SampleSizes samples, RandomKey key) {}

  /**
   * @param posts the steps of this stage
   * @param nanoTime for the time that each step takes
   */
  Passage(Plan plan, List<Post> posts, LongSupplier nanoTime) {
    this.plan = plan;
    this.posts = posts;
    this.nanoTime = nanoTime;
    this.tallies =
        plan.steps.stream().map(name -> new StepTally(name, plan.samples.perStep())).toList();
  }

  /** Time that was spent on behalf of a step elsewhere. */
  void spend(int step, long nanoseconds) {
    tallies.get(step).spend(nanoseconds);
  }

  /**
   * @param place in the corpus's order, as the stage's corpus filter counts
   * @param fromSource whether it has seen no step of another stage
   * @param lastStage whether it leaves the cascade with this stage
   */
  Outcome pass(long place, Document document, boolean fromSource, boolean lastStage) {
    Traveller traveller = plan.surveyor.survey(document);
    if (fromSource) {
      read = read.plus(volume(traveller));
    }
    String faults = plan.surveyor.faults(document);
    long draw = plan.key.child(document.id()).value();
    for (Post post : posts) {
      StepTally tally = tallies.get(post.index);
      tally.arrive(traveller);
      Verdict verdict = judge(post, place, traveller.document(), tally);
      long key = RandomKey.of(draw + post.index).value();
      switch (verdict) {
        case Verdict.Drop drop -> {
          tally.drop(drop.reason());
          count(ended, faults, post.name);
          sample(tally.dropped(), key, traveller.document(), null, drop);
          return new Outcome.Dropped(post.index, traveller.document(), drop);
        }
        case Verdict.Keep keep ->
            traveller = move(post, tally, traveller, keep.document(), key, faults);
      }
    }
    if (lastStage) {
      kept = kept.plus(volume(traveller));
      count(ended, faults, Trace.KEPT);
    }
    return new Outcome.Kept(traveller.document());
  }

  private Verdict judge(Post post, long place, Document document, StepTally tally) {
    long begin = nanoTime.getAsLong();
    try {
      Verdict verdict = post.judge.judge(place, document);
      tally.spend(nanoTime.getAsLong() - begin);
      return verdict instanceof Verdict.Keep keep && keep.document().text().isBlank()
          ? Verdict.drop(NOTHING_LEFT, null)
          : verdict;
    } catch (KananaException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "step " + post.name + " failed on document " + document.id(), e);
    }
  }

  private Traveller move(
      Post post, StepTally tally, Traveller before, Document document, long key, String faults) {
    Traveller after = plan.surveyor.survey(before, document);
    String text = before.document().text();
    boolean changedText = !document.text().equals(text);
    tally.leave(before, after, changedText);
    if (changedText) {
      count(changed, faults, post.name);
      sample(tally.changed(), key, document, text, null);
    } else {
      sample(tally.kept(), key, document, null, null);
    }
    return after;
  }

  private void sample(
      LeastSamples samples, long key, Document document, String before, Verdict.Drop drop) {
    if (samples.wants(key)) {
      samples.offer(
          new Sample(
              key,
              document.id(),
              beginning(document.text()),
              before == null ? null : beginning(before),
              drop == null ? null : drop.reason(),
              drop == null ? null : drop.measured()));
    }
  }

  private String beginning(String text) {
    int most = plan.samples.characters();
    if (text.codePointCount(0, Math.min(text.length(), 2 * most + 2)) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most)) + "…";
  }

  private static Volume volume(Traveller traveller) {
    return new Volume(1, traveller.bytes(), traveller.tokens());
  }

  private static void count(
      SortedMap<String, SortedMap<String, Long>> counts, String faults, String step) {
    counts
        .computeIfAbsent(faults.isEmpty() ? Trace.NO_LABEL : faults, _ -> new TreeMap<>())
        .merge(step, 1L, Long::sum);
  }

  CascadeStats stats() {
    List<StepStats> steps = new ArrayList<>();
    tallies.forEach(tally -> steps.add(tally.stats()));
    return new CascadeStats(read, kept, new TreeMap<>(), steps, new Trace(ended, changed));
  }

  Samples samples() {
    return new Samples(tallies.stream().map(StepTally::samples).toList());
  }
}
