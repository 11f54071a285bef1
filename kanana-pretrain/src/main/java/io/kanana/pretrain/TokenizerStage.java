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

/** Makes the tokenizer of a run, or takes the one that is there. */
final class TokenizerStage {
  private final PretrainConfig config;
  private final JobContext context;
  private final Path directory;

  TokenizerStage(PretrainConfig config, JobContext context) {
    this.config = config;
    this.context = context;
    this.directory = context.output().resolve("tokenizer");
  }

  /** The directory with the run's own copy of the tokenizer, whatever it came from. */
  Path directory() {
    return directory;
  }

  /** Whether the run has its tokenizer already. */
  boolean isDone() {
    return Artefact.isArtefact(directory);
  }

  BytePairTokenizer run(DocumentSource corpus) {
    boolean done = isDone();
    if (done) {
      Artefact.open(directory).verify();
    } else {
      make(corpus);
    }
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
    if (!done) {
      report(tokenizer);
    }
    if (tokenizer.vocabularySize() > config.model().vocabularySize()) {
      throw new ConfigException(
          "model.vocabulary-size",
          String.format(
              Locale.ROOT,
              "must be at least the tokenizer's %d, got %d",
              tokenizer.vocabularySize(),
              config.model().vocabularySize()));
    }
    return tokenizer;
  }

  private void make(DocumentSource corpus) {
    context.progress().status("making the tokenizer");
    TokenizerChoice.Made made =
        config.tokenizer().make(bytes -> sample(corpus, bytes), config.compute().threadCount());
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

  private List<String> sample(DocumentSource corpus, long bytes) {
    context.progress().status("reading documents for the tokenizer");
    EvenSample sample = new EvenSample(bytes);
    HeldOut heldOut = new HeldOut(config.heldOutShare());
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
}
