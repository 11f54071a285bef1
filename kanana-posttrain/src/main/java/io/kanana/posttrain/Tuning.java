package io.kanana.posttrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.job.JobContext;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.posttrain.lora.AdaptedCheckpoint;
import io.kanana.posttrain.lora.LoraBeginning;
import io.kanana.posttrain.lora.LoraConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What of a model is trained, all its weights or adapters beside them, and what the run leaves of
 * it.
 *
 * @param job its name
 * @param lora the adapters; absent for all weights
 * @param turnEnds ids that end what the assistant says: they end generated texts from now on
 */
public record Tuning(
    String job,
    JobContext context,
    ChatParent parent,
    Optional<LoraConfig> lora,
    Set<Integer> turnEnds) {
  /** Where the model with its adapters merged goes. */
  private static final String MERGED = "merged";

  /**
   * @param seed of new adapters
   */
  public Beginning beginning(long seed) {
    return lora.<Beginning>map(
            config ->
                LoraBeginning.of(
                    parent.model().stored(), config, RandomKey.of(seed).child("adapters")))
        .orElseGet(() -> Beginning.of(parent.model().stored()));
  }

  /**
   * What the checkpoints of the run say about where they come from.
   *
   * @param data artefacts that are trained on
   * @param others models that it learns from, besides the parent
   */
  public RunCheckpoints.Origin origin(List<Path> data, List<RunCheckpoints.Ancestor> others) {
    return new RunCheckpoints.Origin(
        job,
        parent.tokenizer(context.output()),
        data,
        parent.tokens(turnEnds),
        context.configYaml(),
        Stream.concat(Stream.of(parent.model().asAncestor()), others.stream()).toList());
  }

  /**
   * A probe of the run's checkpoints. Of adapters it measures the model that they make, which is on
   * disk meanwhile.
   *
   * @param models a probe of ordinary checkpoints
   */
  CheckpointProbe probe(CheckpointProbe models) {
    return lora.isEmpty() ? models : (adapter, own) -> measureMerged(models, adapter, own);
  }

  private SortedMap<String, Double> measureMerged(
      CheckpointProbe models, Path adapter, JobContext own) {
    Path merged = own.output().resolveSibling(MERGED);
    Artefact.recover(merged);
    if (Artefact.isArtefact(merged)) {
      Artefact.remove(merged); // a measurement was killed
    }
    merge(adapter, merged);
    try {
      return models.measure(merged, own);
    } finally {
      Artefact.remove(merged);
    }
  }

  /**
   * What is left to do when the training has ended: {@code model} is an ordinary checkpoint then,
   * or holds adapters, and then the model with these merged is written to {@code merged}.
   */
  void finish() {
    if (lora.isPresent()) {
      merge(RunCheckpoints.model(context.output()), context.output().resolve(MERGED));
    }
  }

  private void merge(Path trained, Path merged) {
    try (PeftAdapter adapter = PeftAdapter.open(trained, parent.model().shape())) {
      StoredType type = parent.model().stored().config().type();
      AdaptedCheckpoint checkpoint =
          new AdaptedCheckpoint(job, context, parent.model(), adapter, type);
      if (!checkpoint.isWritten(merged)) {
        checkpoint.write(merged, parent.tokenizer(context.output()), parent.tokens(turnEnds));
      }
    }
  }
}
