package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Prunes to the best of the shapes that fit a budget ({@code type: budget}): every combination of
 * the given sizes that takes nearly all of it is a candidate, and a {@link CandidateTrial} ranks
 * them (Minitron, arXiv 2407.14679, section 3.3).
 */
public final class BudgetSearch implements PruningStrategy {
  /**
   * The sizes that are tried; of an empty list the parent's own.
   *
   * @param layers L
   * @param hiddenSize C
   * @param heads H
   * @param kvHeads K
   * @param ffnSize F
   * @param ffnRatio F as multiples of C, which must come out whole; instead of {@code ffnSize}
   */
  public record Sizes(
      List<Integer> layers,
      List<Integer> hiddenSize,
      List<Integer> heads,
      List<Integer> kvHeads,
      List<Integer> ffnSize,
      List<Double> ffnRatio) {
    public Sizes {
      positive("layers", layers);
      positive("hidden-size", hiddenSize);
      positive("heads", heads);
      positive("kv-heads", kvHeads);
      positive("ffn-size", ffnSize);
      Check.that(
          ffnRatio.stream().allMatch(ratio -> ratio > 0),
          "ffn-ratio",
          "must be above 0, got %s",
          ffnRatio);
      Check.that(
          ffnSize.isEmpty() || ffnRatio.isEmpty(),
          List.of("ffn-ratio", "ffn-size"),
          "must not stand beside ffn-size; give one of them");
    }

    private static void positive(String name, List<Integer> sizes) {
      Check.that(
          sizes.stream().allMatch(size -> size > 0), name, "must be at least 1, got %s", sizes);
    }
  }

  /**
   * @param budget the most that it may take
   * @param atLeast the share of the budget that a candidate takes at least
   * @param sizes that are combined
   * @param tiedEmbeddings true makes embedding and head one matrix
   * @param mostCandidates that are tried: those that take the most
   * @param trial how they are compared
   * @param headResidual whether heads that stay take up heads that go
   */
  public record Config(
      Budget budget,
      double atLeast,
      Sizes sizes,
      Optional<Boolean> tiedEmbeddings,
      int mostCandidates,
      CandidateTrial.Config trial,
      boolean headResidual)
      implements PruningStrategy.Config {
    public Config {
      Check.that(atLeast >= 0 && atLeast <= 1, "at-least", "must lie in 0 .. 1, got %s", atLeast);
      Check.that(
          mostCandidates > 0, "most-candidates", "must be at least 1, got %s", mostCandidates);
    }

    @Override
    public PruningStrategy create() {
      return new BudgetSearch(this);
    }
  }

  private final Config config;

  public BudgetSearch(Config config) {
    this.config = config;
  }

  private BestUnits.Options options() {
    return new BestUnits.Options(BestUnits.Order.INDEX, config.headResidual, false);
  }

  @Override
  public Set<Axis> axes(ModelConfig parent) {
    Set<Axis> axes = EnumSet.noneOf(Axis.class);
    candidates(parent)
        .forEach(target -> axes.addAll(new BestUnits(parent, target, options()).axes()));
    return axes;
  }

  /**
   * The shapes that are tried, the largest first.
   *
   * @throws ConfigException if none fits
   */
  @Override
  public List<ModelConfig> candidates(ModelConfig parent) {
    long limit = config.budget.limit();
    List<ModelConfig> all = combinations(parent);
    List<ModelConfig> fitting =
        all.stream()
            .filter(shape -> config.budget.of(shape) <= limit)
            .filter(shape -> config.budget.of(shape) >= config.atLeast * limit)
            .sorted(Comparator.comparingLong(shape -> -config.budget.of(shape)))
            .limit(config.mostCandidates)
            .toList();
    if (fitting.isEmpty()) {
      throw new ConfigException("sizes", noneFits(all, limit));
    }
    return fitting;
  }

  private String noneFits(List<ModelConfig> all, long limit) {
    return all.isEmpty()
        ? "no combination can be cut out of the parent; give sizes of at most its own"
        : String.format(
            Locale.ROOT,
            "must have a combination that takes from %.0f to %d; these take from %d to %d",
            config.atLeast * limit,
            limit,
            all.stream().mapToLong(config.budget::of).min().orElseThrow(),
            all.stream().mapToLong(config.budget::of).max().orElseThrow());
  }

  private List<ModelConfig> combinations(ModelConfig parent) {
    List<ModelConfig> all = new ArrayList<>();
    for (int layers : or(config.sizes.layers, parent.layers())) {
      for (int hidden : or(config.sizes.hiddenSize, parent.hiddenSize())) {
        for (int heads : or(config.sizes.heads, parent.heads())) {
          for (int kvHeads : or(config.sizes.kvHeads, parent.kvHeads())) {
            for (int ffn : ffnSizes(hidden, parent)) {
              addIfPossible(parent, layers, hidden, heads, kvHeads, ffn, all);
            }
          }
        }
      }
    }
    return all.stream().distinct().toList();
  }

  private static List<Integer> or(List<Integer> sizes, int own) {
    return sizes.isEmpty() ? List.of(own) : sizes;
  }

  private List<Integer> ffnSizes(int hidden, ModelConfig parent) {
    if (config.sizes.ffnRatio.isEmpty()) {
      return or(config.sizes.ffnSize, parent.ffnSize());
    }
    return config.sizes.ffnRatio.stream()
        .filter(ratio -> ratio * hidden == Math.rint(ratio * hidden))
        .map(ratio -> (int) (ratio * hidden))
        .toList();
  }

  private void addIfPossible(
      ModelConfig parent,
      int layers,
      int hidden,
      int heads,
      int kvHeads,
      int ffn,
      List<ModelConfig> all) {
    boolean possible =
        layers <= parent.layers()
            && hidden <= parent.hiddenSize()
            && kvHeads <= parent.kvHeads()
            && ffn <= parent.ffnSize()
            && heads % kvHeads == 0
            && heads / kvHeads <= parent.heads() / parent.kvHeads();
    if (possible) {
      boolean tied = config.tiedEmbeddings.orElse(parent.tiedEmbeddings());
      all.add(parent.resized(layers, hidden, heads, kvHeads, ffn, tied));
    }
  }

  @Override
  public boolean readsText() {
    return true;
  }

  @Override
  public double operations(ModelConfig parent, int contextLength) {
    return candidates(parent).stream()
        .mapToDouble(shape -> config.trial.operations(parent, shape, contextLength))
        .sum();
  }

  @Override
  public ReshapePlan decide(PruningTask task) {
    CandidateTrial trial = config.trial.create();
    ReshapePlan best = null;
    double lowest = Double.POSITIVE_INFINITY;
    for (ModelConfig shape : candidates(task.parent())) {
      ReshapePlan plan = task.keepBest(shape, options());
      double score = trial.score(plan, task);
      task.consider(new PruningTask.Candidate(shape, score));
      if (best == null || Double.compare(score, lowest) < 0) { // not a number is the worst
        best = plan;
        lowest = score;
      }
    }
    return best;
  }
}
