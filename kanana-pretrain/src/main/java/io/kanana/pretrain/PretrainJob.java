package io.kanana.pretrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.train.MemoryEstimate;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.WarmUp;
import io.kanana.core.train.WatchedTraining;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * The job {@code pretrain}: documents to tokenizer, token shards, a trained model, and samples from
 * it.
 */
public final class PretrainJob implements Job<PretrainConfig> {
  @Override
  public String name() {
    return "pretrain";
  }

  @Override
  public String summary() {
    return "Trains a tokenizer and a model on documents.";
  }

  @Override
  public Class<PretrainConfig> configType() {
    return PretrainConfig.class;
  }

  @Override
  public JobPlan plan(PretrainConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    plannedSteps(config).ifPresent(config::schedule);
    config.probe();
    MemoryEstimate memory =
        MemoryEstimate.of(
            config.model(),
            config.compute().precision(),
            config.train().microBatch(),
            config.train().recompute());
    JobPlan plan =
        JobPlan.empty()
            .with("parameters", String.format(Locale.ROOT, "%,d", config.model().parameterCount()))
            .with(
                "of these not embedding",
                String.format(Locale.ROOT, "%,d", config.model().nonEmbeddingParameterCount()))
            .with("run", config.train().until().toString())
            .with("memory: weights, gradients, moments", mebibytes(memory.weights()))
            .with("memory: activations of a micro-batch", mebibytes(memory.activations()));
    OptionalLong tokens = plannedTokens(config);
    if (tokens.isEmpty()) {
      return withDomains(plan.with("operations", flopsPerToken(config) + " a token"), config, 0);
    }
    return withDomains(
        plan.with("tokens", String.format(Locale.ROOT, "%,d", tokens.getAsLong()))
            .with(
                "operations",
                String.format(Locale.ROOT, "%.3g FLOP", flops(config, tokens.getAsLong()))),
        config,
        tokens.getAsLong());
  }

  /** What the weights ask for; how often that goes through a domain is known with its tokens. */
  private static JobPlan withDomains(JobPlan plan, PretrainConfig config, long tokens) {
    JobPlan more = plan;
    for (var domain : config.data().sources().mixture().askedShares().entrySet()) {
      String share = String.format(Locale.ROOT, "%.2f %%", 100 * domain.getValue());
      String of =
          tokens == 0
              ? ""
              : String.format(Locale.ROOT, ", %,d tokens", (long) (tokens * domain.getValue()));
      more = more.with("domain " + domain.getKey(), share + of);
    }
    return more;
  }

  private static OptionalLong plannedSteps(PretrainConfig config) {
    return config.train().until().inSteps(config.model().contextLength(), config.batches());
  }

  private static String flopsPerToken(PretrainConfig config) {
    return String.format(Locale.ROOT, "%.3g FLOP", flops(config, 1));
  }

  private static double flops(PretrainConfig config, long tokens) {
    return config.model().trainingFlopsPerToken(config.model().contextLength()) * tokens;
  }

  /** Known without the data, unless the run is measured in epochs. */
  private static OptionalLong plannedTokens(PretrainConfig config) {
    OptionalLong steps = config.train().until().steps();
    return steps.isPresent()
        ? OptionalLong.of(config.tokens(steps.getAsLong()))
        : config.train().until().tokens();
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }

  @Override
  public void run(PretrainConfig config, JobContext context) {
    try (TensorBackend backend =
        TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      run(config, context, backend);
    } catch (Stopped _) {
      // what was under way is not there, and a resumed run makes it anew
    }
  }

  private static void run(PretrainConfig config, JobContext context, TensorBackend backend) {
    config.start().map(StartingPoint::new).ifPresent(start -> start.check(config.model()));
    Sources sources = config.sources();
    Optional<EvaluationSet> evaluation =
        config.evaluate().documents().map(documents -> new EvaluationSet(documents, context));
    int threads = config.compute().threadCount();
    TokenizerStage tokenizers =
        new TokenizerStage(config.tokenizer(), sources, evaluation, threads, context);
    new RunInputs(context, PretrainJob::inputs, "tokenizer and tokens").keep(tokenizers.isDone());
    BytePairTokenizer tokenizer;
    RunTokens tokens;
    try (WarmUp _ = tokenizers.isDone() ? null : warmUp(config, backend)) {
      tokenizer = tokenizers.run();
      checkVocabulary(tokenizer, config);
      config.start().map(StartingPoint::new).ifPresent(start -> start.checkTokenizer(tokenizer));
      new SampleStage(config, context).check(tokenizer);
      tokens =
          new TokenStage(sources, evaluation, threads, context)
              .run(tokenizer, tokenizers.directory());
    }
    try (tokens;
        RunMixture mixture =
            RunMixture.open(
                DataStage.of(config),
                tokens,
                context.output(),
                documents -> packed(documents, context))) {
      new TrainingStage(config, context, backend)
          .run(tokens, mixture, tokenizer, tokenizers.directory());
    }
  }

  /** Leaves of a configuration what tokenizer and tokens are made from. */
  private static ObjectNode inputs(ObjectNode config) {
    JsonNode evaluation = config.path("evaluate").path("documents");
    ObjectNode inputs = Sources.inputs(config);
    if (!evaluation.isMissingNode()) {
      inputs.putObject("evaluate").set("documents", evaluation);
    }
    return inputs;
  }

  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return MetricsReader.last(WatchedTraining.metrics(output), "held-out");
  }

  private static void packed(long documents, JobContext context) {
    if (context.cancellation().requested()) {
      throw new Stopped();
    }
    context.progress().status(String.format(Locale.ROOT, "packed %,d documents", documents));
  }

  private static void checkVocabulary(BytePairTokenizer tokenizer, PretrainConfig config) {
    if (tokenizer.vocabularySize() > config.model().vocabularySize()) {
      throw new ConfigException(
          "model.vocabulary-size",
          String.format(
              Locale.ROOT,
              "must be at least the tokenizer's %d, got %d",
              tokenizer.vocabularySize(),
              config.model().vocabularySize()));
    }
  }

  private static WarmUp warmUp(PretrainConfig config, TensorBackend backend) {
    return WarmUp.start(config.model(), config.compute().precision(), backend.name());
  }
}
