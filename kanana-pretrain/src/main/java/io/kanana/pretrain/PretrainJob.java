package io.kanana.pretrain;

import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.train.MemoryEstimate;
import io.kanana.core.train.WarmUp;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

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
    return tokens.isEmpty()
        ? plan.with("operations", flopsPerToken(config) + " a token")
        : plan.with("tokens", String.format(Locale.ROOT, "%,d", tokens.getAsLong()))
            .with(
                "operations",
                String.format(Locale.ROOT, "%.3g FLOP", flops(config, tokens.getAsLong())));
  }

  private static OptionalLong plannedSteps(PretrainConfig config) {
    return config.train().until().inSteps(config.train().tokensPerStep());
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
        ? OptionalLong.of(steps.getAsLong() * config.train().tokensPerStep())
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
    DocumentSource corpus =
        new StoppableDocuments(
            new Corpus(
                config.data().documents().stream().map(DocumentSource.Config::create).toList()),
            context.cancellation());
    TokenizerStage tokenizers = new TokenizerStage(config, context);
    new RunInputs(context, List.of("data", "tokenizer"), "tokenizer and tokens")
        .keep(tokenizers.isDone());
    BytePairTokenizer tokenizer;
    TokenStage.Shards shards;
    try (WarmUp _ = tokenizers.isDone() ? null : warmUp(config, backend)) {
      tokenizer = tokenizers.run(corpus);
      new SampleStage(config, context).check(tokenizer);
      shards = new TokenStage(config, context).run(corpus, tokenizer, tokenizers.directory());
    }
    try (shards) {
      new TrainingStage(config, context, backend).run(shards, tokenizer, tokenizers.directory());
    }
  }

  private static WarmUp warmUp(PretrainConfig config, TensorBackend backend) {
    return WarmUp.start(config.model(), config.compute().precision(), backend.name());
  }
}
