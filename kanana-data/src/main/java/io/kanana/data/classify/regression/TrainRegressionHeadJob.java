package io.kanana.data.classify.regression;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.TrainingPlan;
import io.kanana.data.classify.edu.DocumentScorer;
import io.kanana.data.classify.edu.ScoreLog;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.HeldOut;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The job {@code train-regression-head}: documents with scores to a head that makes a score of a
 * language model's embedding of a document, in {@code head}, with its errors and its F1 at a
 * threshold on documents that it never saw. This is how FineWeb-Edu's classifier is made (Penedo et
 * al., arXiv 2406.17557, section 4), with a decoder's mean hidden state in place of an encoder's
 * first.
 *
 * <p>Their embedding model is an encoder whose pooling layer is trained, too, and they keep the
 * epoch with the best macro F1; here the model is frozen as a whole, and the last epoch is kept.
 *
 * <p>Embeddings are held in memory. Every score is in {@code scores.jsonl}, so that a resumed run
 * asks a model for none twice; it embeds and trains anew.
 */
public final class TrainRegressionHeadJob implements Job<TrainRegressionHeadConfig> {
  /** The directory of the head below the job's output. */
  public static final String HEAD = "head";

  /** What a score is a function of, beside the text. */
  private static final List<String> SCORE_INPUTS = List.of("scores");

  /** What the head is a function of. */
  private static final List<String> INPUTS =
      List.of("seed", "model", "max-tokens", "data", "scores", "scale", "head");

  private static final String SCORES = "scores.jsonl";
  private static final String REJECTED = "rejected.jsonl";

  @Override
  public String name() {
    return "train-regression-head";
  }

  @Override
  public String summary() {
    return "Trains a regression head that scores documents by a language model's embeddings.";
  }

  @Override
  public Class<TrainRegressionHeadConfig> configType() {
    return TrainRegressionHeadConfig.class;
  }

  @Override
  public JobPlan plan(TrainRegressionHeadConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    JobPlan plan =
        JobPlan.empty()
            .with("embedding model", TrainingPlan.describe(config.model()))
            .with("hidden layers", config.head().hidden().toString())
            .with("epochs", Integer.toString(config.head().epochs()));
    Optional<ModelConfig> shape = TrainingPlan.shape(config.model());
    shape.ifPresent(
        model -> DocumentEmbedding.checkContext(config.model(), model, config.maxTokens()));
    return shape.map(model -> memory(plan, model)).orElse(plan);
  }

  private static JobPlan memory(JobPlan plan, ModelConfig shape) {
    long bytes = (long) shape.hiddenSize() * Float.BYTES;
    return plan.with(
        "memory: embeddings",
        String.format(
            Locale.ROOT,
            "%,d bytes a document, %,d MiB for 100,000",
            bytes,
            Math.max(1, (bytes * 100_000) >> 20)));
  }

  @Override
  public void run(TrainRegressionHeadConfig config, JobContext context) {
    Path head = context.output().resolve(HEAD);
    if (Artefact.isArtefact(head)) {
      Artefact.open(head).verify();
      new RunInputs(context, INPUTS, "the head")
          .check(head.resolve(RegressionHeadDirectory.CONFIG));
      context.progress().line("the regression head is there");
      return;
    }
    new RunInputs(context, SCORE_INPUTS, "the scores")
        .keep(Files.exists(context.output().resolve(SCORES)));
    try {
      train(config, context);
    } catch (Stopped _) {
      // scores are kept, and the head appears whole or not at all
    }
  }

  private static void train(TrainRegressionHeadConfig config, JobContext context) {
    HeadNetwork.check(config.compute().threadCount()); // before documents are embedded
    try (DocumentEmbedding embedding =
            DocumentEmbedding.open(config.model(), config.maxTokens(), config.compute());
        DocumentScorer scorer = config.scores().create();
        ScoreLog scores = new ScoreLog(context.output().resolve(SCORES), scorer)) {
      EmbeddingPass pass = embed(config, context, embedding, scores);
      RegressionHead head = train(config, context, pass.training());
      RegressionReport report = report(config, head, pass);
      RegressionHeadDirectory.write(
          context.output().resolve(HEAD),
          new RegressionHeadDirectory.Stored(
              head, embedding.modelId(), config.maxTokens(), config.scale()),
          context.configYaml(),
          report.json().toPrettyString() + "\n");
      context.progress().line("on held-out documents:");
      report.table().forEach(context.progress()::line);
    }
  }

  private static EmbeddingPass embed(
      TrainRegressionHeadConfig config,
      JobContext context,
      DocumentEmbedding embedding,
      ScoreLog scores) {
    HeldOut heldOut = new HeldOut(config.data().heldOutShare());
    EmbeddingPass pass =
        new EmbeddingPass(embedding, scores, config.scale(), heldOut, context.cancellation());
    DocumentSource corpus =
        new Corpus(config.data().documents().stream().map(DocumentSource.Config::create).toList());
    try (QuarantineLog rejected = new QuarantineLog(context.output().resolve(REJECTED))) {
      pass.run(
          corpus,
          rejected,
          count ->
              context.progress().status(String.format(Locale.ROOT, "%,d documents read", count)));
    }
    check(pass);
    context.progress().line(line(pass, scores));
    return pass;
  }

  private static String line(EmbeddingPass pass, ScoreLog scores) {
    return String.format(
        Locale.ROOT,
        "%,d documents to train on, %,d held out, %,d without a score, %,d without a token;"
            + " %,d scored in this run",
        pass.training().size(),
        pass.measured().size(),
        pass.unscored(),
        pass.withoutTokens(),
        scores.asked());
  }

  private static void check(EmbeddingPass pass) {
    if (pass.training().isEmpty() || pass.measured().isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "of the documents %d are to train on and %d held out, %d have no score and %d no"
                  + " token; there must be some of the first two: name more documents, or change"
                  + " data.held-out-share or scores",
              pass.training().size(),
              pass.measured().size(),
              pass.unscored(),
              pass.withoutTokens()));
    }
  }

  private static RegressionHead train(
      TrainRegressionHeadConfig config, JobContext context, ScoredEmbeddings data) {
    int epochs = config.head().epochs();
    return new HeadTrainer(
            config.head(),
            RandomKey.of(config.seed()),
            config.compute().threadCount(),
            context.cancellation())
        .train(
            data,
            (epoch, loss) ->
                context
                    .progress()
                    .status(
                        String.format(
                            Locale.ROOT, "epoch %d of %d, loss %.4f", epoch, epochs, loss)));
  }

  private static RegressionReport report(
      TrainRegressionHeadConfig config, RegressionHead head, EmbeddingPass pass) {
    ScoredEmbeddings measured = pass.measured();
    double[] predicted = new double[measured.size()];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = head.score(measured.embedding(i));
    }
    return RegressionReport.of(
        predicted, measured.scores(), pass.training().meanScore(), config.scale());
  }

  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return RegressionReport.measurements(
        output.resolve(HEAD).resolve(RegressionHeadDirectory.REPORT));
  }
}
