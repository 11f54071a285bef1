package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.JobContext;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.shard.HeldOut;
import java.nio.file.Files;
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
    if (!isDone()) {
      make(corpus);
    }
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
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
    switch (config.tokenizer()) {
      case TokenizerChoice.Load given -> copy(given.path().toAbsolutePath());
      case TokenizerChoice.TrainBpe wanted -> train(wanted, corpus);
    }
  }

  private void copy(Path given) {
    Path parent = Files.isDirectory(given) ? given : given.getParent();
    save(Tokenizers.load(given), Tokenizers.loadConfig(parent));
  }

  private void train(TokenizerChoice.TrainBpe wanted, DocumentSource corpus) {
    context.progress().status("reading documents for the tokenizer");
    List<String> texts = sample(corpus, wanted.sampleBytes());
    context.progress().status("training the tokenizer");
    BytePairTokenizer tokenizer =
        new BpeTrainer(new BpeTrainer.Config(wanted.vocabularySize(), wanted.specialTokens()))
            .train(texts.iterator(), config.compute().threadCount());
    save(tokenizer, TokenizerConfig.of(tokenizer));
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT, "tokenizer: %,d tokens in %s", tokenizer.vocabularySize(), directory));
  }

  /**
   * Held-out documents are not looked at: a tokenizer that knows their words would flatter the bits
   * per byte.
   */
  private List<String> sample(DocumentSource corpus, long bytes) {
    EvenSample sample = new EvenSample(bytes);
    HeldOut heldOut = new HeldOut(config.data().heldOutShare());
    try (DocumentStream documents = corpus.open(rejected -> {})) {
      for (Document document = documents.next(); document != null; document = documents.next()) {
        if (!heldOut.contains(document.text())) {
          sample.offer(document.text(), document.textBytes());
        }
      }
    }
    return sample.texts();
  }

  private void save(BytePairTokenizer tokenizer, TokenizerConfig names) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, "tokenizer", List.of())) {
      artefact.write(Tokenizers.TOKENIZER, Tokenizers.toJson(tokenizer));
      artefact.write(Tokenizers.CONFIG, Tokenizers.toJson(names));
      artefact.commit();
    }
  }
}
