package io.kanana.eval.model;

import io.kanana.core.autograd.Tape;
import io.kanana.core.model.KvCache;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.eval.model.TargetScores.Target;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Scores sequences of about the same length together, and what several begin with once. There are
 * two levels: sequences of one context share a {@linkplain Stem stem}, up to where their
 * continuations part; stems share a trunk, such as the examples before every question. The trunk is
 * read once and copied into the cache of each batch, the stems of a batch are read side by side,
 * then the first tail of each, the second, and so on, each from the end of its stem.
 */
final class SharedPrefixScorer implements SequenceScorer {
  /** Shorter beginnings are not worth a pass of their own. */
  private static final int LEAST_STEM = 4;

  private static final int LEAST_TRUNK = 32;

  private final Llama model;
  private final TensorBackend backend;
  private final int batchTokens;
  private final boolean shares;
  private final boolean byLength;
  private long positions;

  /**
   * @param batchTokens the most positions of a batch, padding included; one sequence is always
   *     taken
   * @param shares whether anything is shared at all; without it every sequence is read from its
   *     beginning, to see what sharing brings
   * @param byLength whether those of about the same length go together; without it batches are in
   *     the order of the requests, to see what that brings
   */
  SharedPrefixScorer(Llama model, int batchTokens, boolean shares, boolean byLength) {
    this.model = model;
    this.backend = model.backend();
    this.batchTokens = batchTokens;
    this.shares = shares;
    this.byLength = byLength;
  }

  /**
   * Sequences that begin with the same tokens.
   *
   * @param length how many
   * @param members from the one with the longest tail on
   */
  private record Stem(int length, List<Numbered> members) {
    /** A sequence alone, without a tail. */
    static Stem of(Numbered member) {
      return new Stem(member.sequence.input().length, List.of(member));
    }

    int[] tokens() {
      return members.getFirst().sequence.input();
    }

    /** What a trunk may take of it: no position that something is scored after. */
    int unscored() {
      return members.stream().mapToInt(member -> member.sequence.from()).min().orElseThrow();
    }

    int longestTail() {
      return members.getFirst().sequence.input().length - length;
    }

    List<Numbered> tails() {
      return members.stream().filter(member -> member.sequence.input().length > length).toList();
    }
  }

  private record Numbered(int index, Sequence sequence) {}

  @Override
  public long positions() {
    return positions;
  }

  @Override
  public void score(List<Sequence> sequences, Scores scores, BooleanSupplier stop) {
    TargetScores sums = new TargetScores(model, sequences.size());
    for (CommonBeginnings.Run<Stem> run : runs(sequences)) {
      if (stop.getAsBoolean()) {
        return;
      }
      score(run, sums, scores, stop);
    }
    backend.pool().trim();
  }

  private List<CommonBeginnings.Run<Stem>> runs(List<Sequence> sequences) {
    if (!shares) {
      List<Stem> alone = new ArrayList<>();
      for (int i = 0; i < sequences.size(); i++) {
        alone.add(Stem.of(new Numbered(i, sequences.get(i))));
      }
      return alone.isEmpty() ? List.of() : List.of(new CommonBeginnings.Run<>(alone, 0));
    }
    CommonBeginnings<Stem> trunks =
        new CommonBeginnings<>(Stem::tokens, Stem::unscored, LEAST_TRUNK);
    return trunks.of(stems(sequences));
  }

  private static List<Stem> stems(List<Sequence> sequences) {
    Map<IntBuffer, List<Numbered>> byContext = new LinkedHashMap<>();
    for (int i = 0; i < sequences.size(); i++) {
      Sequence sequence = sequences.get(i);
      IntBuffer context = IntBuffer.wrap(sequence.input(), 0, sequence.from() + 1);
      byContext.computeIfAbsent(context, key -> new ArrayList<>()).add(new Numbered(i, sequence));
    }
    CommonBeginnings<Numbered> beginnings =
        new CommonBeginnings<>(
            numbered -> numbered.sequence.input(),
            numbered -> numbered.sequence.input().length,
            LEAST_STEM);
    List<Stem> stems = new ArrayList<>();
    for (List<Numbered> members : byContext.values()) {
      beginnings.of(members).forEach(run -> addStems(run, stems));
    }
    return stems;
  }

  private static void addStems(CommonBeginnings.Run<Numbered> run, List<Stem> stems) {
    if (run.length() > 0) {
      List<Numbered> members = new ArrayList<>(run.members());
      members.sort(Comparator.comparingInt(member -> -member.sequence.input().length));
      stems.add(new Stem(run.length(), members));
    } else {
      for (Numbered member : run.members()) {
        stems.add(Stem.of(member));
      }
    }
  }

  private void score(
      CommonBeginnings.Run<Stem> run, TargetScores sums, Scores scores, BooleanSupplier stop) {
    try (Scope scope = backend.scope("trunk")) {
      KvCache trunk = run.length() == 0 ? null : trunk(scope, run);
      for (List<Stem> batch : batches(run.members())) {
        if (stop.getAsBoolean()) {
          return;
        }
        if (trunk == null && batch.stream().allMatch(stem -> stem.longestTail() == 0)) {
          plain(batch, sums);
        } else {
          cached(batch, trunk, sums);
        }
        report(batch, sums, scores);
      }
    }
  }

  private static void report(List<Stem> batch, TargetScores sums, Scores scores) {
    for (Stem stem : batch) {
      for (Numbered member : stem.members) {
        int index = member.index;
        scores.scored(index, new SequenceScore(sums.sum(index), sums.greedy(index)));
      }
    }
  }

  private KvCache trunk(Scope scope, CommonBeginnings.Run<Stem> run) {
    KvCache cache = new KvCache(model.config(), scope, 1, run.length());
    int[] tokens = Arrays.copyOf(run.members().getFirst().tokens(), run.length());
    try (Scope step = backend.scope("trunk tokens")) {
      model.hidden(Tape.forwardOnly(backend.kernels(), step), cache, tokens);
    }
    positions += tokens.length;
    cache.setLength(0, tokens.length);
    return cache;
  }

  /** The longest first, so that what is beside one another needs little padding. */
  private List<List<Stem>> batches(List<Stem> stems) {
    List<Stem> sorted = new ArrayList<>(stems);
    if (byLength) {
      sorted.sort(Comparator.comparingInt(stem -> -stem.length));
    }
    List<List<Stem>> batches = new ArrayList<>();
    List<Stem> batch = new ArrayList<>();
    for (Stem stem : sorted) {
      batch.add(stem);
      int capacity = capacity(batch);
      boolean full = (long) capacity * batch.size() > batchTokens;
      if (batch.size() > 1 && (full || capacity > model.config().contextLength())) {
        batches.add(List.copyOf(batch.subList(0, batch.size() - 1)));
        batch.subList(0, batch.size() - 1).clear();
      }
    }
    batches.add(batch);
    return batches;
  }

  /** Positions that a batch takes for each of its stems: the longest, and the longest tail. */
  private static int capacity(List<Stem> batch) {
    int stem = batch.stream().mapToInt(Stem::length).max().orElseThrow();
    return stem + batch.stream().mapToInt(Stem::longestTail).max().orElseThrow();
  }

  /** Without a cache: nothing is read after the stems. */
  private void plain(List<Stem> batch, TargetScores sums) {
    List<int[]> pieces = batch.stream().map(stem -> piece(stem.tokens(), 0, stem.length)).toList();
    int time = longest(pieces);
    try (Scope scope = backend.scope("sequences")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      int[] tokens = padded(pieces, time);
      TokenInput input = TokenInput.whole(backend, scope, batch.size(), time, tokens);
      Tensor hidden = model.hidden(tape, input, false).value();
      sums.add(hidden, stemTargets(batch, time, 0));
    }
  }

  private void cached(List<Stem> batch, KvCache trunk, TargetScores sums) {
    int begin = trunk == null ? 0 : trunk.length(0);
    List<int[]> pieces =
        batch.stream().map(stem -> piece(stem.tokens(), begin, stem.length)).toList();
    try (Scope scope = backend.scope("stems")) {
      KvCache cache = new KvCache(model.config(), scope, batch.size(), capacity(batch));
      if (trunk != null) {
        cache.beginWith(trunk, 0, backend.kernels());
      }
      pass(cache, pieces, stemTargets(batch, longest(pieces), begin), sums);
      List<List<Numbered>> tails = batch.stream().map(Stem::tails).toList();
      int most = tails.stream().mapToInt(List::size).max().orElseThrow();
      for (int i = 0; i < most; i++) {
        tails(batch, tails, i, cache, sums);
      }
    }
  }

  /** The i-th tail of every stem that has so many. */
  private void tails(
      List<Stem> batch, List<List<Numbered>> tails, int i, KvCache cache, TargetScores sums) {
    List<int[]> pieces = new ArrayList<>();
    for (int b = 0; b < batch.size(); b++) {
      int stem = batch.get(b).length;
      cache.setLength(b, stem);
      boolean has = i < tails.get(b).size();
      int[] input = has ? tails.get(b).get(i).sequence.input() : new int[0];
      pieces.add(has ? piece(input, stem, input.length) : input);
    }
    int time = longest(pieces);
    List<Target> targets = new ArrayList<>();
    for (int b = 0; b < batch.size(); b++) {
      if (i < tails.get(b).size()) {
        int stem = batch.get(b).length;
        int input = stem + pieces.get(b).length;
        addTargets(tails.get(b).get(i), stem, input, b * time - stem, targets);
      }
    }
    pass(cache, pieces, targets, sums);
  }

  private static List<Target> stemTargets(List<Stem> batch, int time, int begin) {
    List<Target> targets = new ArrayList<>();
    for (int b = 0; b < batch.size(); b++) {
      for (Numbered member : batch.get(b).members) {
        addTargets(member, begin, batch.get(b).length, b * time - begin, targets);
      }
    }
    return targets;
  }

  /** Those of a sequence that follow its positions {@code begin} to {@code end}. */
  private static void addTargets(
      Numbered member, int begin, int end, int firstRow, List<Target> targets) {
    int from = member.sequence.from();
    for (int t = Math.max(begin, from); t < end; t++) {
      targets.add(new Target(member.index, firstRow + t, member.sequence.targets()[t - from]));
    }
  }

  private void pass(KvCache cache, List<int[]> pieces, List<Target> targets, TargetScores sums) {
    try (Scope scope = backend.scope("pass")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor hidden = model.hidden(tape, cache, padded(pieces, longest(pieces))).value();
      if (!targets.isEmpty()) {
        sums.add(hidden, targets);
      }
    }
  }

  private static int[] piece(int[] tokens, int from, int to) {
    return Arrays.copyOfRange(tokens, from, to);
  }

  private static int longest(List<int[]> pieces) {
    return pieces.stream().mapToInt(piece -> piece.length).max().orElseThrow();
  }

  private int[] padded(List<int[]> pieces, int time) {
    int[] tokens = new int[pieces.size() * time];
    for (int i = 0; i < pieces.size(); i++) {
      System.arraycopy(pieces.get(i), 0, tokens, i * time, pieces.get(i).length);
    }
    positions += tokens.length;
    return tokens;
  }
}
