package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.PeftConfig;
import io.kanana.core.config.Check;
import io.kanana.core.model.AdapterShape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.LowRankAdapters;
import io.kanana.core.model.Projection;
import io.kanana.core.random.RandomKey;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a model is adapted (LoRA; Hu et al., arXiv 2106.09685). There is no dropout, which the paper
 * has none of either.
 *
 * @param rank r: each adapted matrix [out, in] is trained as B A with B [out, r] and A [r, in]
 * @param alpha what B A is multiplied by, divided by the rank, so that the rank can be changed
 *     without changing the learning rate
 * @param rankStabilised divided by the root of the rank instead (Kalajdzievski, arXiv 2312.03732)
 * @param targets the matrices of every layer that are adapted
 */
public record LoraConfig(int rank, double alpha, boolean rankStabilised, List<Projection> targets) {
  /** Beyond it, the weight itself is as cheap to train. */
  private static final int LARGEST_RANK = 4096;

  public LoraConfig {
    Check.that(
        1 <= rank && rank <= LARGEST_RANK,
        "rank",
        "must be from 1 to %s, got %s",
        LARGEST_RANK,
        rank);
    Check.that(alpha > 0, "alpha", "must be > 0, got %s", alpha);
    Check.that(!targets.isEmpty(), "targets", "must name at least one matrix");
    Check.that(
        new HashSet<>(targets).size() == targets.size(),
        "targets",
        "must name each matrix once, got %s",
        targets);
    targets = List.copyOf(targets);
  }

  /** What the adapters look like in a model. */
  public AdapterShape shape() {
    return peft(Optional.empty()).shape();
  }

  /**
   * As PEFT writes it.
   *
   * @param base what the adapted model is called, or where it is
   */
  public PeftConfig peft(Optional<String> base) {
    return new PeftConfig(base, rank, alpha, rankStabilised, EnumSet.copyOf(targets));
  }

  /**
   * Gives a frozen model new adapters to be trained, which add nothing at first.
   *
   * @param key of what is drawn
   */
  public LowRankAdapters attach(Llama model, RandomKey key) {
    LowRankAdapters adapters = model.adapt(shape(), true);
    adapters.initialise(key);
    return adapters;
  }
}
