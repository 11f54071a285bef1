package io.kanana.data.classify;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The job {@code train-classifier}: labelled documents to a classifier in {@code classifier}, with
 * precision, recall and F1 of each label on documents that it never saw.
 */
public final class TrainClassifierJob implements Job<TrainClassifierConfig> {
  /** The directory of the classifier below the job's output. */
  public static final String CLASSIFIER = "classifier";

  /** What the classifier is a function of. */
  private static final List<String> INPUTS = List.of("seed", "data", "label", "classifier");

  private static final String REJECTED = "rejected.jsonl";

  @Override
  public String name() {
    return "train-classifier";
  }

  @Override
  public String summary() {
    return "Trains a linear classifier of texts on labelled documents.";
  }

  @Override
  public Class<TrainClassifierConfig> configType() {
    return TrainClassifierConfig.class;
  }

  @Override
  public JobPlan plan(TrainClassifierConfig config) {
    return plan(config.classifier());
  }

  /** What a classifier of these options takes beside its words. */
  static JobPlan plan(ClassifierOptions options) {
    long bytes = DenseRows.size(options.usedBuckets(), options.dimensions()) * Float.BYTES;
    return JobPlan.empty()
        .with("epochs", Integer.toString(options.epochs()))
        .with("dimensions", Integer.toString(options.dimensions()))
        .with("memory: vectors of n-grams", String.format(Locale.ROOT, "%,d MiB", bytes >> 20));
  }

  @Override
  public void run(TrainClassifierConfig config, JobContext context) {
    Path classifier = context.output().resolve(CLASSIFIER);
    boolean done = Artefact.isArtefact(classifier);
    new RunInputs(context, INPUTS, "the classifier").keep(done);
    if (done) {
      Artefact.open(classifier).verify();
      context.progress().line("the classifier is there");
      return;
    }
    DocumentSource corpus =
        new Corpus(config.data().documents().stream().map(DocumentSource.Config::create).toList());
    try (QuarantineLog rejected = new QuarantineLog(context.output().resolve(REJECTED))) {
      LabelledDocuments documents =
          new LabelledDocuments(corpus, rejected, config.label(), config.data().heldOutShare());
      run(config, context, documents);
    } catch (Stopped _) {
      // the classifier appears whole or not at all, so there is nothing to keep
    }
  }

  private static void run(
      TrainClassifierConfig config, JobContext context, LabelledDocuments documents) {
    ClassifierOptions options = config.classifier();
    ClassifierTrainer trainer =
        new ClassifierTrainer(
            options, RandomKey.of(config.seed()), context.cancellation()::requested);
    TextClassifier classifier =
        trainer.train(documents.training(context.cancellation()), listener(options, context));
    if (classifier == null) {
      return;
    }
    ClassificationReport report =
        ClassificationReport.of(classifier, documents.heldOut(context.cancellation()));
    ClassifierDirectory.write(
        context.output().resolve(CLASSIFIER),
        classifier,
        options,
        context.configYaml(),
        report.json().toPrettyString() + "\n");
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "%,d words, %,d labels; on held-out documents:",
                classifier.words(),
                classifier.labels().size()));
    report.table().forEach(context.progress()::line);
  }

  static ClassifierTrainer.Listener listener(ClassifierOptions options, JobContext context) {
    return (epoch, loss) ->
        context
            .progress()
            .status(
                String.format(
                    Locale.ROOT, "epoch %d of %d, loss %.4f", epoch, options.epochs(), loss));
  }
}
