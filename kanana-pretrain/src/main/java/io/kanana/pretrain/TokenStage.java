package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.JobContext;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the token shards of a run, domain by domain, or takes those that are there. */
final class TokenStage {
  private static final String TOKENS = "tokens";

  private final Sources sources;
  private final int threads;
  private final JobContext context;

  TokenStage(Sources sources, int threads, JobContext context) {
    this.sources = sources;
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
      checkHeldOut(unmeasured);
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
          given
              ? "give the tokenizer that made it (type: load), or documents"
              : "remove " + directory + " to tokenize again, or give another output";
      check(directory.resolve(Tokenization.TRAIN), parent.id(), remedy);
      check(directory.resolve(Tokenization.HELD_OUT), parent.id(), remedy);
    } else {
      write(domain, tokenizer, parent, directory);
    }
    return DomainTokens.open(directory);
  }

  private void check(Path directory, String fingerprint, String remedy) {
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
    try (QuarantineLog quarantine = new QuarantineLog(rejected)) {
      Tokenization.Result result =
          tokenization.write(
              new StoppableDocuments(sources.corpus(domain), context.cancellation()),
              directory,
              threads,
              quarantine,
              count -> status(domain, count));
      report(domain, result);
      report(quarantine, rejected);
    } catch (DataException e) {
      throw sources.isMixture()
          ? new DataException(sources.path(domain) + ": " + e.getMessage(), e)
          : e;
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

  private void report(QuarantineLog quarantine, Path file) {
    quarantine
        .counts()
        .forEach(
            (reason, count) ->
                context
                    .progress()
                    .line(
                        String.format(
                            Locale.ROOT,
                            "%,d records left out: %s (see %s)",
                            count,
                            reason,
                            file.getFileName())));
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
