package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.job.JobContext;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Makes the token shards of a run, or takes those that are there. */
final class TokenStage {
  /** The tokens to train on, and those held out. */
  record Shards(ShardSet train, ShardSet heldOut) implements AutoCloseable {
    @Override
    public void close() {
      train.close();
      heldOut.close();
    }
  }

  private final PretrainConfig config;
  private final JobContext context;

  TokenStage(PretrainConfig config, JobContext context) {
    this.config = config;
    this.context = context;
  }

  private static Path directory(JobContext context) {
    return context.output().resolve("tokens");
  }

  /** The artefact of the tokens that a run is trained on. */
  static Path trainDirectory(JobContext context) {
    return directory(context).resolve(Tokenization.TRAIN);
  }

  /**
   * @param given to measure on, and not in the corpus; empty where a share of it is held out
   */
  Shards run(
      DocumentSource corpus,
      Optional<GivenHeldOut> given,
      Tokenizer tokenizer,
      Path tokenizerDirectory) {
    Path directory = directory(context);
    Artefact parent = Artefact.open(tokenizerDirectory);
    if (Tokenization.isDone(directory)) {
      check(directory.resolve(Tokenization.TRAIN), parent.id());
      check(directory.resolve(Tokenization.HELD_OUT), parent.id());
    } else {
      write(corpus, given, tokenizer, parent, directory);
    }
    ShardSet train = ShardSet.open(directory.resolve(Tokenization.TRAIN));
    return new Shards(train, ShardSet.open(directory.resolve(Tokenization.HELD_OUT)));
  }

  private void check(Path directory, String fingerprint) {
    context.progress().status("checking the tokens in " + directory);
    try (ShardSet shards = ShardSet.open(directory)) {
      if (!shards.manifest().tokenizer().equals(fingerprint)) {
        throw new CheckpointException(
            directory
                + ": was made with another tokenizer than the run's; remove "
                + directory.getParent()
                + " to tokenize again, or give another output");
      }
      shards.verify();
    }
  }

  private void write(
      DocumentSource corpus,
      Optional<GivenHeldOut> given,
      Tokenizer tokenizer,
      Artefact parent,
      Path directory) {
    Tokenization tokenization =
        new Tokenization(tokenizer, parent, Tokenization.Config.of(config.heldOutShare()));
    int threads = config.compute().threadCount();
    LongConsumer progress =
        count ->
            context.progress().status(String.format(Locale.ROOT, "tokenized %,d documents", count));
    try (QuarantineLog quarantine =
        new QuarantineLog(context.output().resolve("quarantine.jsonl"))) {
      Tokenization.Result result =
          given.isPresent()
              ? tokenization.write(
                  corpus, given.get().documents(), directory, threads, quarantine, progress)
              : tokenization.write(corpus, directory, threads, quarantine, progress);
      report(result, quarantine);
      given.filter(held -> held.skipped() > 0).ifPresent(this::report);
    }
  }

  private void report(GivenHeldOut given) {
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "%,d documents left out: they are among those of evaluate.documents",
                given.skipped()));
  }

  private void report(Tokenization.Result result, QuarantineLog quarantine) {
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "tokens: %,d to train on, %,d held out, from %,d documents",
                result.train().tokens(),
                result.heldOut().tokens(),
                result.train().documents() + result.heldOut().documents()));
    quarantine
        .counts()
        .forEach(
            (reason, count) ->
                context
                    .progress()
                    .line(
                        String.format(
                            Locale.ROOT,
                            "%,d records left out: %s (see quarantine.jsonl)",
                            count,
                            reason)));
  }
}
