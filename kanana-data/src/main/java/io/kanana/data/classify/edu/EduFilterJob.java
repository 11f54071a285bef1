package io.kanana.data.classify.edu;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.data.classify.ClassifierDirectory;
import io.kanana.data.classify.TextClassifier;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The job {@code edu-filter}: a classifier of educational documents where hardly any document is
 * one. A sample of the pool is scored and a classifier trained on it; then in each round the
 * classifier mines the pool for positives, these are added, and it is trained again ("Kanana:
 * Compute-efficient Bilingual Language Models", 2025, section 2.2).
 *
 * <p>The report leaves open how mined documents are labelled. Here they are scored as the sample
 * was, or, with {@code mine.verify: false}, taken for positives.
 *
 * <p>The output has {@code classifier}, with the rounds in its {@code report.json}, and every score
 * in {@code scores.jsonl}, so that a resumed run asks for none twice.
 */
public final class EduFilterJob implements Job<EduFilterConfig> {
  /** The directory of the classifier below the job's output. */
  public static final String CLASSIFIER = "classifier";

  /** What a score is a function of, beside the text. */
  private static final List<String> SCORE_INPUTS = List.of("scores");

  /** What the classifier is a function of. */
  private static final List<String> INPUTS =
      List.of("seed", "data", "scores", "sample", "mine", "classifier");

  private static final String SCORES = "scores.jsonl";
  private static final String REJECTED = "rejected.jsonl";

  @Override
  public String name() {
    return "edu-filter";
  }

  @Override
  public String summary() {
    return "Trains a classifier of educational documents by scoring, mining and training again.";
  }

  @Override
  public Class<EduFilterConfig> configType() {
    return EduFilterConfig.class;
  }

  @Override
  public JobPlan plan(EduFilterConfig config) {
    long mined =
        config.mine().verify() ? (long) config.mine().rounds() * config.mine().documents() : 0;
    return JobPlan.empty()
        .with("rounds", Integer.toString(config.mine().rounds()))
        .with(
            "documents to score, at most",
            String.format(Locale.ROOT, "%,d", config.sample().size() + mined));
  }

  @Override
  public void run(EduFilterConfig config, JobContext context) {
    Path classifier = context.output().resolve(CLASSIFIER);
    if (Artefact.isArtefact(classifier)) {
      Artefact.open(classifier).verify();
      new RunInputs(context, INPUTS, "the classifier")
          .check(classifier.resolve(ClassifierDirectory.CONFIG));
      context.progress().line("the classifier is there");
      return;
    }
    new RunInputs(context, SCORE_INPUTS, "the scores")
        .keep(Files.exists(context.output().resolve(SCORES)));
    DocumentSource pool =
        new Corpus(config.data().documents().stream().map(DocumentSource.Config::create).toList());
    try (QuarantineLog rejected = new QuarantineLog(context.output().resolve(REJECTED));
        DocumentScorer scorer = config.scores().create();
        ScoreLog scores = new ScoreLog(context.output().resolve(SCORES), scorer)) {
      EduRounds rounds = new EduRounds(config, pool, rejected, context.cancellation(), scores);
      int unscored = rounds.sample();
      context
          .progress()
          .line(
              String.format(
                  Locale.ROOT,
                  "%,d documents scored now; %,d of the sample have no score",
                  scores.asked(),
                  unscored));
      rounds(config, context, rounds);
    } catch (Stopped _) {
      // the scores so far are kept, and a resumed run goes on from them
    }
  }

  private static void rounds(EduFilterConfig config, JobContext context, EduRounds rounds) {
    ArrayNode report = JsonNodeFactory.instance.arrayNode();
    context.progress().line(EduRound.HEAD);
    int[] mined = {0, 0};
    TextClassifier classifier = null;
    for (int number = 0; number <= config.mine().rounds(); number++) {
      if (number > 0) {
        mined = rounds.mine(classifier);
      }
      classifier = rounds.train((epoch, loss) -> status(context, epoch, loss));
      if (classifier == null) {
        return;
      }
      EduRound round = rounds.measure(number, mined, classifier);
      round.json(report.addObject());
      context.progress().line(round.line());
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("rounds", report);
    ClassifierDirectory.write(
        context.output().resolve(CLASSIFIER),
        classifier,
        config.classifier(),
        context.configYaml(),
        json.toPrettyString() + "\n");
  }

  private static void status(JobContext context, int epoch, double loss) {
    context.progress().status(String.format(Locale.ROOT, "epoch %d, loss %.4f", epoch, loss));
  }
}
