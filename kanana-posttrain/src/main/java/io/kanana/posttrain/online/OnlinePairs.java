package io.kanana.posttrain.online;

import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.model.Llama;
import io.kanana.core.train.TokenBatch;
import io.kanana.posttrain.preference.AnswerLogs;
import io.kanana.posttrain.preference.AnswerTokens;
import io.kanana.posttrain.preference.PairRows;
import io.kanana.posttrain.preference.PairSource;
import io.kanana.posttrain.preference.PairTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Pairs of a policy's own answers, made when their step comes: the best against the worst of each
 * question, one pair a row; the row of a question whose answers are all equally good has no
 * targets. The reference is fixed. For one thread.
 */
final class OnlinePairs implements PairSource, AutoCloseable {
  /**
   * @param rowsPerStep questions of a step
   * @param contextLength of a row
   * @param microBatch rows at once through the reference
   */
  record Shape(int rowsPerStep, int contextLength, int microBatch) {}

  /** A step's rows. */
  private record Step(long number, List<Optional<Placed>> rows) {}

  private final Shape shape;
  private final List<Question> questions;
  private final Optional<Llama> reference;
  private final LongFunction<AnswerSupply> supplies;
  private final String settings;
  private Optional<Llama> policy = Optional.empty();
  private Optional<AnswerSupply> supply = Optional.empty();
  private Step current = new Step(0, List.of());

  /**
   * @param reference of a loss that reads it; stays the caller's
   * @param supplies opens the supply of answers of a run that stands after so many steps
   * @param settings everything else that the answers depend on, for the fingerprint
   */
  OnlinePairs(
      Shape shape,
      List<Question> questions,
      Optional<Llama> reference,
      LongFunction<AnswerSupply> supplies,
      String settings) {
    this.shape = shape;
    this.questions = questions;
    this.reference = reference;
    this.supplies = supplies;
    this.settings = settings;
  }

  /** Says which model answers; before the first step. */
  void policy(Llama model) {
    policy = Optional.of(model);
  }

  /** Waits until the answers that are under way are written down. */
  void settle() {
    supply.ifPresent(AnswerSupply::settle);
  }

  private Step step(long firstSequence) {
    long number = firstSequence / shape.rowsPerStep + 1;
    if (current.number != number) {
      if (supply.isEmpty()) {
        supply = Optional.of(supplies.apply(number - 1));
      }
      current = make(number, supply.get().take(policy.orElseThrow(), number));
    }
    return current;
  }

  private Step make(long number, List<ScoredAnswers> answers) {
    List<Optional<PairTokens>> pairs = answers.stream().map(ScoredAnswers::pair).toList();
    List<AnswerTokens> each = new ArrayList<>();
    for (Optional<PairTokens> pair : pairs) {
      pair.ifPresent(p -> each.addAll(List.of(p.chosen(), p.rejected())));
    }
    double[] logs = referenceLogs(each);
    List<Optional<Placed>> rows = new ArrayList<>();
    int next = 0;
    for (Optional<PairTokens> pair : pairs) {
      int at = rows.size() * shape.contextLength;
      if (pair.isEmpty()) {
        rows.add(Optional.empty());
      } else {
        int rejected = at + pair.get().chosen().length();
        rows.add(Optional.of(new Placed(pair.get(), at, rejected, logs[next], logs[next + 1])));
        next += 2;
      }
    }
    return new Step(number, rows);
  }

  private double[] referenceLogs(List<AnswerTokens> answers) {
    return reference.isEmpty() || answers.isEmpty()
        ? new double[answers.size()]
        : AnswerLogs.of(reference.get(), answers, shape.contextLength, shape.microBatch);
  }

  @Override
  public List<Placed> pairs(long firstSequence, int rows) {
    List<Placed> found = new ArrayList<>();
    List<Optional<Placed>> all = step(firstSequence).rows;
    int first = (int) (firstSequence % shape.rowsPerStep);
    for (Optional<Placed> row : all.subList(first, first + rows)) {
      row.ifPresent(placed -> found.add(moved(placed, -first * shape.contextLength)));
    }
    return found;
  }

  private static Placed moved(Placed placed, int by) {
    return new Placed(
        placed.pair(),
        placed.chosen() + by,
        placed.rejected() + by,
        placed.referenceChosen(),
        placed.referenceRejected());
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    PairRows filled = new PairRows(rows, shape.contextLength);
    for (Placed placed : pairs(firstSequence, rows)) {
      filled.put(placed.pair().chosen(), placed.chosen());
      filled.put(placed.pair().rejected(), placed.rejected());
    }
    return filled.batch();
  }

  @Override
  public int contextLength() {
    return shape.contextLength;
  }

  /** Where all answers to all questions of a step are equally good, nothing is learnt of them. */
  @Override
  public boolean mayBeEmpty() {
    return true;
  }

  /** A pass asks every question once. */
  @Override
  public long epochLength() {
    return questions.size();
  }

  /** Not of what changes rounding alone. */
  @Override
  public String fingerprint() {
    Sha256 hash = new Sha256();
    byte[] text =
        (shape.rowsPerStep + " " + shape.contextLength + " " + settings)
            .getBytes(StandardCharsets.UTF_8);
    hash.add(text, text.length);
    for (Question question : questions) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * question.ids().length);
      bytes.asIntBuffer().put(question.ids());
      hash.add(bytes);
    }
    return hash.hex().substring(0, 32);
  }

  @Override
  public void close() {
    supply.ifPresent(AnswerSupply::close);
  }
}
