package io.kanana.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Names;
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
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    checkBackend(config.compute().backend());
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

  private static void checkBackend(String name) {
    List<String> known = new ArrayList<>(List.of(TensorBackends.AUTO));
    TensorBackends.providers().forEach(provider -> known.add(provider.name()));
    if (!known.contains(name)) {
      throw new ConfigException(
          "compute.backend", "unknown back end \"" + name + "\"; " + Names.suggestion(name, known));
    }
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
    Optional<GivenHeldOut> given =
        config
            .evaluate()
            .documents()
            .map(documents -> new GivenHeldOut(documents, context.cancellation()));
    DocumentSource all =
        new StoppableDocuments(
            new Corpus(
                config.data().documents().stream().map(DocumentSource.Config::create).toList()),
            context.cancellation());
    DocumentSource corpus = given.map(held -> held.without(all)).orElse(all);
    TokenizerStage tokenizers = new TokenizerStage(config, context);
    new RunInputs(context, PretrainJob::inputs, "tokenizer and tokens").keep(tokenizers.isDone());
    BytePairTokenizer tokenizer;
    TokenStage.Shards shards;
    try (WarmUp _ = tokenizers.isDone() ? null : warmUp(config, backend)) {
      tokenizer = tokenizers.run(corpus);
      new SampleStage(config, context).check(tokenizer);
      shards =
          new TokenStage(config, context).run(corpus, given, tokenizer, tokenizers.directory());
    }
    try (shards) {
      new TrainingStage(config, context, backend).run(shards, tokenizer, tokenizers.directory());
    }
  }

  /** Leaves of a configuration what tokenizer and tokens are made from. */
  private static ObjectNode inputs(ObjectNode config) {
    boolean given = config.path("evaluate").has("documents");
    if (given && config.get("evaluate") instanceof ObjectNode evaluate) {
      evaluate.retain("documents");
    }
    return config.retain(
        given ? List.of("data", "tokenizer", "evaluate") : List.of("data", "tokenizer"));
  }

  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return MetricsReader.last(output.resolve(TrainingStage.METRICS), "held-out");
  }

  private static WarmUp warmUp(PretrainConfig config, TensorBackend backend) {
    return WarmUp.start(config.model(), config.compute().precision(), backend.name());
  }
}
