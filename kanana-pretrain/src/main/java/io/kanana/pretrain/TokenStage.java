package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.JobContext;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Makes the token shards of a run, domain by domain, or takes those that are there. */
final class TokenStage {
  private static final String TOKENS = "tokens";

  private final Sources sources;
  private final Optional<EvaluationSet> evaluation;
  private final int threads;
  private final JobContext context;

  /**
   * @param evaluation documents that are measured on in place of held-out ones, and left out
   */
  TokenStage(Sources sources, Optional<EvaluationSet> evaluation, int threads, JobContext context) {
    this.sources = sources;
    this.evaluation = evaluation;
    this.threads = threads;
    this.context = context;
  }

  /** Where the tokens of a domain are, or will be. */
  static Path directory(Sources sources, String domain, Path output) {
    MixtureConfig.Domain config = sources.domains().get(domain);
    return config.tokens().orElseGet(() -> sources.place(output.resolve(TOKENS), domain));
  }

  /** The artefacts of the tokens that a run is trained on. */
  static List<Path> trainDirectories(Sources sources, Path output) {
    return sources.domains().keySet().stream()
        .map(domain -> directory(sources, domain, output).resolve(Tokenization.TRAIN))
        .toList();
  }

  RunTokens run(Tokenizer tokenizer, Path tokenizerDirectory) {
    Artefact parent = Artefact.open(tokenizerDirectory);
    List<String> unmeasured = new ArrayList<>();
    RunTokens tokens = new RunTokens();
    try {
      for (String domain : sources.domains().keySet()) {
        DomainTokens own = tokens(domain, tokenizer, parent);
        tokens.add(domain, own);
        if (own.heldOut().documents() == 0) {
          unmeasured.add(domain);
        }
      }
      if (evaluation.isPresent()) {
        tokens.measureOn(evaluation.get().tokens(tokenizer, tokenizerDirectory, threads));
      } else {
        checkHeldOut(unmeasured);
      }
      return tokens;
    } catch (RuntimeException e) {
      tokens.close();
      throw e;
    }
  }

  private DomainTokens tokens(String domain, Tokenizer tokenizer, Artefact parent) {
    Path directory = directory(sources, domain, context.output());
    boolean given = sources.domains().get(domain).tokens().isPresent();
    if (given && !Tokenization.isDone(directory)) {
      throw new ConfigException(
          sources.path(domain) + ".tokens",
          directory + " has no token shards in it (no train with a manifest); check the path");
    }
    if (Tokenization.isDone(directory)) {
      String remedy =
          given ? "give the tokenizer that made it (type: load), or documents" : remedy(directory);
      check(directory.resolve(Tokenization.TRAIN), parent.id(), remedy, context);
      check(directory.resolve(Tokenization.HELD_OUT), parent.id(), remedy, context);
    } else {
      write(domain, tokenizer, parent, directory);
    }
    return DomainTokens.open(directory);
  }

  /** What to do about tokens of another tokenizer that the run made itself. */
  static String remedy(Path directory) {
    return "remove " + directory + " to tokenize again, or give another output";
  }

  /**
   * Reads tokens that are there already, and refuses damaged ones and those of another tokenizer.
   */
  static void check(Path directory, String fingerprint, String remedy, JobContext context) {
    context.progress().status("checking the tokens in " + directory);
    try (ShardSet shards = ShardSet.open(directory)) {
      if (!shards.manifest().tokenizer().equals(fingerprint)) {
        throw new CheckpointException(
            directory + ": was made with another tokenizer than the run's; " + remedy);
      }
      shards.verify();
    }
  }

  private void write(String domain, Tokenizer tokenizer, Artefact parent, Path directory) {
    Tokenization.Config config = Tokenization.Config.of(sources.heldOutShare());
    boolean several = sources.domains().size() > 1;
    Tokenization tokenization =
        new Tokenization(tokenizer, parent, several ? config.ofDomain() : config);
    Path rejected = rejected(domain);
    LongAdder skipped = new LongAdder();
    try (QuarantineLog quarantine = new QuarantineLog(rejected)) {
      Tokenization.Result result =
          tokenization.write(
              corpus(domain, skipped),
              directory,
              threads,
              quarantine,
              count -> status(domain, count));
      report(domain, result);
      quarantine.describe().forEach(context.progress()::line);
      reportSkipped(skipped.sum());
    } catch (DataException e) {
      throw sources.isMixture()
          ? new DataException(sources.path(domain) + ": " + e.getMessage(), e)
          : e;
    }
  }

  private DocumentSource corpus(String domain, LongAdder skipped) {
    DocumentSource all = new StoppableDocuments(sources.corpus(domain), context.cancellation());
    return evaluation.map(set -> set.without(all, skipped::increment)).orElse(all);
  }

  private void reportSkipped(long skipped) {
    if (skipped > 0) {
      context
          .progress()
          .line(
              String.format(
                  Locale.ROOT,
                  "%,d documents left out: they are among those of evaluate.documents",
                  skipped));
    }
  }

  private Path rejected(String domain) {
    String name = sources.isMixture() ? "quarantine-" + domain + ".jsonl" : "quarantine.jsonl";
    return context.output().resolve(name);
  }

  private void status(String domain, long count) {
    String of = sources.isMixture() ? " of " + domain : "";
    context.progress().status(String.format(Locale.ROOT, "tokenized %,d documents%s", count, of));
  }

  private void report(String domain, Tokenization.Result result) {
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "%s: %,d to train on, %,d held out, from %,d documents",
                sources.isMixture() ? "tokens of " + domain : "tokens",
                result.train().tokens(),
                result.heldOut().tokens(),
                result.train().documents() + result.heldOut().documents()));
  }

  /** A small domain may have none, as long as another has some. */
  private void checkHeldOut(List<String> unmeasured) {
    boolean none =
        sources.domains().keySet().stream()
            .allMatch(name -> unmeasured.contains(name) || isOnlyMeasured(name));
    if (none) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "held-out-share %s left no document to measure on; give more documents or a larger share",
              sources.heldOutShare()));
    }
    unmeasured.forEach(
        name ->
            context
                .progress()
                .line(name + ": no document is held out, so its loss is not measured"));
  }

  private boolean isOnlyMeasured(String domain) {
    return sources.domains().get(domain).weight().orElse(1) == 0;
  }
}
