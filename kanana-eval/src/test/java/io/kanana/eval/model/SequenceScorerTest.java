package io.kanana.eval.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.eval.model.SequenceScorer.SequenceScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sharing prefixes and batching by length change nothing but the time. */
class SequenceScorerTest {
  private static final int VOCABULARY = 97;
  private static final int CONTEXT = 160;

  private static TensorBackend backend;
  private static Llama model;

  @BeforeAll
  static void open() {
    backend = TensorBackends.open("cpu", 2);
    ModelConfig config =
        new ModelConfig(
            2,
            32,
            4,
            2,
            8,
            64,
            VOCABULARY,
            CONTEXT,
            1e-5,
            new RopeConfig(10_000, new RopeScaling.None()),
            true);
    model = Llama.frozen(config, Precision.F32, backend);
    model.initialise(RandomKey.of(5), 0.3);
  }

  @AfterAll
  static void close() {
    model.close();
    backend.close();
  }

  private static SequenceScore[] scores(SequenceScorer scorer, List<Sequence> sequences) {
    SequenceScore[] scores = new SequenceScore[sequences.size()];
    scorer.score(
        sequences,
        (index, score) -> {
          assertThat(scores[index]).as("sequence " + index + " is scored once").isNull();
          scores[index] = score;
        },
        () -> false);
    return scores;
  }

  private static void checkAgreement(List<Sequence> sequences, int batchTokens) {
    SequenceScore[] plain = scores(new OneByOneScorer(model), sequences);
    SequenceScore[] fast =
        scores(new SharedPrefixScorer(model, batchTokens, true, true), sequences);
    checkAgreement(
        plain, scores(new SharedPrefixScorer(model, batchTokens, false, true), sequences));
    checkAgreement(
        plain, scores(new SharedPrefixScorer(model, batchTokens, true, false), sequences));
    checkAgreement(plain, fast);
  }

  private static void checkAgreement(SequenceScore[] plain, SequenceScore[] fast) {
    for (int i = 0; i < plain.length; i++) {
      assertThat(fast[i]).as("sequence " + i).isNotNull();
      assertThat(fast[i].sum())
          .as("sequence " + i)
          .isCloseTo(plain[i].sum(), within(1e-5 * Math.max(1, Math.abs(plain[i].sum()))));
      assertThat(fast[i].greedy()).as("sequence " + i).isEqualTo(plain[i].greedy());
    }
  }

  @Test
  void nothingIsScoredWhereNothingIsAsked() {
    for (boolean shares : new boolean[] {true, false}) {
      assertThat(scores(new SharedPrefixScorer(model, 64, shares, true), List.of())).isEmpty();
    }
  }

  private static int[] tokens(Random random, int length) {
    return random.ints(length, 0, VOCABULARY).toArray();
  }

  private static int[] joined(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }

  /** Questions behind a common trunk, each with choices of different lengths. */
  private static List<Sequence> questions(Random random, int trunk, int count, int choices) {
    int[] beginning = tokens(random, trunk);
    List<Sequence> sequences = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      int[] context = joined(beginning, tokens(random, 1 + random.nextInt(20)));
      for (int c = 0; c < choices; c++) {
        sequences.add(Sequence.of(context, tokens(random, 1 + random.nextInt(9)), CONTEXT));
      }
    }
    return sequences;
  }

  @Test
  void questionsWithCommonExamples() {
    checkAgreement(questions(new Random(1), 70, 9, 4), 512);
  }

  @Test
  void questionsWithoutExamples() {
    checkAgreement(questions(new Random(2), 0, 12, 3), 300);
  }

  @Test
  void oneTokenAnswersAndRepeatedSequences() {
    Random random = new Random(3);
    List<Sequence> sequences = new ArrayList<>();
    for (int q = 0; q < 6; q++) {
      int[] context = tokens(random, 12);
      for (int c = 0; c < 5; c++) {
        sequences.add(Sequence.of(context, new int[] {c}, CONTEXT));
      }
      sequences.add(sequences.getLast());
    }
    checkAgreement(sequences, 64);
  }

  @Test
  void emptyContextsWhoseChoicesBeginAlike() {
    Random random = new Random(4);
    List<Sequence> sequences = new ArrayList<>();
    for (int q = 0; q < 8; q++) {
      int[] common = tokens(random, 15);
      for (int c = 0; c < 3; c++) {
        sequences.add(Sequence.of(new int[] {1}, joined(common, tokens(random, 6 + c)), CONTEXT));
      }
    }
    checkAgreement(sequences, 128);
  }

  @Test
  void sequencesOfEveryLengthUpToTheContext() {
    Random random = new Random(5);
    List<Sequence> sequences = new ArrayList<>();
    for (int length = 1; length <= CONTEXT; length += 7) {
      sequences.add(Sequence.of(tokens(random, length), tokens(random, 3), CONTEXT));
    }
    sequences.addAll(questions(random, CONTEXT - 30, 5, 3));
    checkAgreement(sequences, 400);
  }

  @Test
  void whatDoesNotFitIsCutFromTheLeft() {
    int[] context = IntStream.range(0, 20).toArray();
    Sequence sequence = Sequence.of(context, new int[] {50, 51, 52}, 10);
    assertThat(sequence.input()).isEqualTo(new int[] {12, 13, 14, 15, 16, 17, 18, 19, 50, 51});
    assertThat(sequence.from()).isEqualTo(7);
    assertThat(sequence.context()).isEqualTo(20);
  }

  @Test
  void theModelsOwnWordsAreGreedy() {
    Random random = new Random(6);
    List<Sequence> sequences = new ArrayList<>();
    for (int q = 0; q < 5; q++) {
      int[] context = tokens(random, 10);
      int[] said = {};
      for (int i = 0; i < 4; i++) {
        said = joined(said, new int[] {mostLikely(joined(context, said))});
      }
      sequences.add(Sequence.of(context, said, CONTEXT));
      int[] other = said.clone();
      other[3] = (other[3] + 1) % VOCABULARY;
      sequences.add(Sequence.of(context, other, CONTEXT));
    }
    SequenceScore[] scores = scores(new SharedPrefixScorer(model, 256, true, true), sequences);
    for (int i = 0; i < scores.length; i++) {
      assertThat(scores[i].greedy()).isEqualTo(i % 2 == 0);
    }
  }

  private static int mostLikely(int[] context) {
    List<Sequence> all =
        IntStream.range(0, VOCABULARY)
            .mapToObj(token -> Sequence.of(context, new int[] {token}, CONTEXT))
            .toList();
    SequenceScore[] scores = scores(new OneByOneScorer(model), all);
    return IntStream.range(0, VOCABULARY)
        .boxed()
        .max((a, b) -> Double.compare(scores[a].sum(), scores[b].sum()))
        .orElseThrow();
  }

  @Test
  void commonBeginningsAreReadOnce() {
    List<Sequence> sequences = questions(new Random(7), 100, 10, 4);
    SequenceScorer plain = new OneByOneScorer(model);
    SequenceScorer fast = new SharedPrefixScorer(model, 2048, true, true);
    scores(plain, sequences);
    scores(fast, sequences);
    assertThat(fast.positions()).isLessThan(plain.positions() / 5);
  }

  @Test
  void stopsBetweenBatches() {
    List<Sequence> sequences = questions(new Random(8), 0, 20, 1);
    List<Integer> scored = new ArrayList<>();
    new SharedPrefixScorer(model, 64, true, true)
        .score(sequences, (index, _) -> scored.add(index), () -> scored.size() >= 3);
    assertThat(scored.size()).isBetween(3, sequences.size() - 1);
  }
}
