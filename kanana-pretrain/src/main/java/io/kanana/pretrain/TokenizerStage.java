package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Progress;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.shard.HeldOut;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the tokenizer of a run, or takes the one that is there. */
final class TokenizerStage {
  /** In a run's output. */
  static final String DIRECTORY = "tokenizer";

  private final TokenizerChoice choice;
  private final Sources sources;
  private final Optional<EvaluationSet> evaluation;
  private final int threads;
  private final JobContext context;
  private final Path directory;

  /**
   * @param evaluation documents that nothing is learnt from
   */
  TokenizerStage(
      TokenizerChoice choice,
      Sources sources,
      Optional<EvaluationSet> evaluation,
      int threads,
      JobContext context) {
    this.choice = choice;
    this.sources = sources;
    this.evaluation = evaluation;
    this.threads = threads;
    this.context = context;
    this.directory = context.output().resolve(DIRECTORY);
  }

  /** The directory with the run's own copy of the tokenizer, whatever it came from. */
  Path directory() {
    return directory;
  }

  /** Whether the run has its tokenizer already. */
  boolean isDone() {
    return Artefact.isArtefact(directory);
  }

  BytePairTokenizer run() {
    boolean done = isDone();
    if (done) {
      Artefact.open(directory).verify();
    } else {
      make();
    }
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
    if (!done) {
      report(tokenizer);
    }
    return tokenizer;
  }

  private void make() {
    context.progress().status("making the tokenizer");
    TokenizerChoice.Made made = choice.make(this::sample, threads);
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, "tokenizer", List.of())) {
      artefact.write(Tokenizers.TOKENIZER, Tokenizers.toJson(made.tokenizer()));
      artefact.write(Tokenizers.CONFIG, Tokenizers.toJson(made.config()));
      artefact.commit();
    }
  }

  private void report(BytePairTokenizer tokenizer) {
    Progress progress = context.progress();
    progress.line(
        String.format(
            Locale.ROOT, "tokenizer: %,d tokens in %s", tokenizer.vocabularySize(), directory));
    if (tokenizer.endOfText().isEmpty()) {
      progress.line("it has no token that ends a document, so the model will not learn to end one");
    }
  }

  private List<String> sample(long bytes) {
    DocumentSource all =
        new StoppableDocuments(
            sources.documents().orElseThrow(TokenizerStage::nothingToTrainOn),
            context.cancellation());
    DocumentSource corpus = evaluation.map(set -> set.without(all, () -> {})).orElse(all);
    context.progress().status("reading documents for the tokenizer");
    EvenSample sample = new EvenSample(bytes);
    HeldOut heldOut = new HeldOut(sources.heldOutShare());
    try (DocumentStream documents = corpus.open(rejected -> {})) {
      for (Document document = documents.next(); document != null; document = documents.next()) {
        if (!heldOut.contains(document.text())) {
          sample.offer(document.text(), document.textBytes());
        }
      }
    }
    context.progress().status("training the tokenizer");
    return sample.texts();
  }

  private static ConfigException nothingToTrainOn() {
    return new ConfigException(
        "tokenizer",
        "must be the one that made the domains' tokens (type: load): there are no documents to train another on");
  }
}
