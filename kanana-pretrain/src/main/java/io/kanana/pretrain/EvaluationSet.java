package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.job.JobContext;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.HeldOutTexts;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.ShardsManifest;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Documents that a run is given to measure on, and keeps out of what it trains on. */
final class EvaluationSet {
  private final DocumentSource documents;
  private final JobContext context;
  private final Path directory;
  private HeldOutTexts texts;

  EvaluationSet(List<DocumentSource.Config> documents, JobContext context) {
    this.documents =
        new StoppableDocuments(
            new Corpus(documents.stream().map(DocumentSource.Config::create).toList()),
            context.cancellation());
    this.context = context;
    this.directory = context.output().resolve("evaluation");
  }

  /**
   * What of a corpus can be trained on; the set is read when that is first opened.
   *
   * @param skipped is told of each document that is kept out, by any thread
   */
  DocumentSource without(DocumentSource corpus, Runnable skipped) {
    return quarantine -> texts().without(corpus, skipped).open(quarantine);
  }

  private synchronized HeldOutTexts texts() {
    if (texts == null) {
      texts = HeldOutTexts.of(documents);
    }
    return texts;
  }

  /** The tokens of the set, made now if they are not there; the caller closes them. */
  ShardSet tokens(Tokenizer tokenizer, Path tokenizerDirectory, int threads) {
    Artefact parent = Artefact.open(tokenizerDirectory);
    if (Artefact.isArtefact(directory)) {
      TokenStage.check(directory, parent.id(), TokenStage.remedy(directory), context);
    } else {
      write(tokenizer, parent, threads);
    }
    return ShardSet.open(directory);
  }

  private void write(Tokenizer tokenizer, Artefact parent, int threads) {
    Tokenization tokenization = new Tokenization(tokenizer, parent, Tokenization.Config.of(0));
    Path rejected = context.output().resolve("quarantine-evaluation.jsonl");
    try (QuarantineLog quarantine = new QuarantineLog(rejected)) {
      ShardsManifest written =
          tokenization.writeWhole(documents, directory, threads, quarantine, count -> {});
      context
          .progress()
          .line(
              String.format(
                  Locale.ROOT,
                  "evaluation: %,d tokens of %,d documents",
                  written.tokens(),
                  written.documents()));
      quarantine.describe().forEach(context.progress()::line);
    }
  }
}
