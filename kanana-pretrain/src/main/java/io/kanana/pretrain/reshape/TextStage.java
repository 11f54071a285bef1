package io.kanana.pretrain.reshape;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.JobContext;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.ParentModel;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.SequentialBatches;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import io.kanana.pretrain.StoppableDocuments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens the text of a job that makes one model of another; makes its tokens where need be. */
public final class TextStage {
  /**
   * Text in windows.
   *
   * @param directory of the shards
   * @param contextLength positions of a window
   */
  public record Text(Path directory, ShardSet train, ShardSet heldOut, int contextLength)
      implements AutoCloseable {
    /** The artefact of the tokens that are observed or trained on. */
    public Path trainDirectory() {
      return directory.resolve(Tokenization.TRAIN);
    }

    /** Windows in an order that the seed shuffles, without end. */
    public BatchSource shuffled(long seed) {
      return MixtureBatches.of(train, contextLength, seed);
    }

    /** One pass over what is held out. */
    public BatchSource heldOutWindows() {
      return new SequentialBatches(heldOut, contextLength);
    }

    @Override
    public void close() {
      train.close();
      heldOut.close();
    }
  }

  private static final List<String> TOKENIZER_FILES =
      List.of(Tokenizers.TOKENIZER, Tokenizers.CONFIG, Tokenizers.CHAT_TEMPLATE);

  private final TextConfig config;
  private final int threads;
  private final JobContext context;

  /**
   * @param threads that tokenize
   */
  public TextStage(TextConfig config, int threads, JobContext context) {
    this.config = config;
    this.threads = threads;
    this.context = context;
  }

  /** Whether the job made tokens already. */
  public boolean isDone() {
    return Tokenization.isDone(directory());
  }

  private Path directory() {
    return config.tokens().orElse(context.output().resolve("tokens")).toAbsolutePath();
  }

  /**
   * The text, if the configuration names any; the caller closes it.
   *
   * @throws ConfigException if the windows are longer than the model's context, or tokens that are
   *     given are not there
   * @throws DataException if the tokens are another model's
   */
  public Optional<Text> run(ParentModel parent) {
    if (!config.isGiven()) {
      return Optional.empty();
    }
    int window = parent.shape().window(config.contextLength(), "data.context-length");
    Path tokenizer = tokenizer(parent);
    if (!isDone()) {
      write(tokenizer);
    }
    ShardSet train = open(Tokenization.TRAIN, parent);
    return Optional.of(new Text(directory(), train, open(Tokenization.HELD_OUT, parent), window));
  }

  private ShardSet open(String name, ParentModel parent) {
    ShardSet shards = ShardSet.open(directory().resolve(name));
    int tokens = shards.manifest().vocabularySize();
    if (tokens > parent.shape().vocabularySize()) {
      shards.close();
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: was made with a tokenizer of %d tokens, but the model has %d; tokenize with the model's own",
              directory(),
              tokens,
              parent.shape().vocabularySize()));
    }
    return shards;
  }

  private void write(Path tokenizer) {
    if (config.tokens().isPresent()) {
      throw new ConfigException(
          "data.tokens",
          directory() + " has no " + Tokenization.TRAIN + " with token shards; check the path");
    }
    Tokenization tokenization =
        new Tokenization(
            Tokenizers.load(tokenizer),
            Artefact.open(tokenizer),
            Tokenization.Config.of(config.heldOutShare()));
    DocumentSource corpus =
        new StoppableDocuments(
            new Corpus(config.documents().stream().map(DocumentSource.Config::create).toList()),
            context.cancellation());
    try (QuarantineLog quarantine =
        new QuarantineLog(context.output().resolve("quarantine.jsonl"))) {
      Tokenization.Result result =
          tokenization.write(corpus, directory(), threads, quarantine, this::tell);
      tell(result, quarantine);
    }
  }

  /** A copy of the parent's, which what is made of the text names as its tokenizer. */
  private Path tokenizer(ParentModel parent) {
    Path directory = context.output().resolve("tokenizer");
    if (!Artefact.isArtefact(directory)) {
      try (ArtefactWriter artefact = ArtefactWriter.create(directory, "tokenizer", List.of())) {
        TOKENIZER_FILES.stream()
            .filter(name -> Files.exists(parent.directory().resolve(name)))
            .forEach(name -> artefact.copy(name, parent.directory().resolve(name)));
        artefact.commit();
      }
    }
    return directory;
  }

  private void tell(long documents) {
    context.progress().status(String.format(Locale.ROOT, "tokenized %,d documents", documents));
  }

  private void tell(Tokenization.Result result, QuarantineLog quarantine) {
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "tokens: %,d to observe, %,d held out, from %,d documents",
                result.train().tokens(),
                result.heldOut().tokens(),
                result.train().documents() + result.heldOut().documents()));
    quarantine.describe().forEach(context.progress()::line);
  }
}
