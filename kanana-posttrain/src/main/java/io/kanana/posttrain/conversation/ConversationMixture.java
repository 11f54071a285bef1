package io.kanana.posttrain.conversation;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.data.batch.BestFitSequences;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.data.batch.SequentialBatches;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.mixture.MixtureShares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * The conversations of a run: tokens and packings of every domain below one directory, made where
 * they are not there, and what is trained and measured on. The sequence at an index follows from
 * the conversations, the format, the plan and the index alone, so that a resumed run goes on where
 * it was. Not safe for use by several threads, but for the batches; those may not be used after
 * {@link #close()}.
 */
public final class ConversationMixture implements AutoCloseable {
  private static final RandomKey HELD_OUT_ORDER = RandomKey.of(0).child("held-out");

  private static final String REMEDY = "; remove it, and it is made again";

  private final ConversationData data;
  private final ChatFormat format;
  private final Path directory;
  private final int contextLength;

  private final Map<String, ConversationCounts> counts = new LinkedHashMap<>();
  private final Map<String, ConversationShards> train = new LinkedHashMap<>();
  private final Map<String, ConversationShards> heldOut = new LinkedHashMap<>();

  private ConversationMixture(
      ConversationData data, ChatFormat format, int contextLength, Path directory) {
    this.data = data;
    this.format = format;
    this.contextLength = contextLength;
    this.directory = directory;
  }

  /**
   * Opens it, and makes what is not there.
   *
   * @param contextLength T, positions of a sequence
   * @param directory where tokens and packings are, or are made: {@code DOMAIN/train}, {@code
   *     DOMAIN/held-out}, and {@code DOMAIN/quarantine.jsonl} with every record that was left out
   * @param progress is told how many conversations of a domain have been read or packed; what it
   *     throws breaks off, and a later call goes on behind the last domain that was finished
   * @throws DataException if a source cannot be read, nothing is there to train on, or the
   *     directory holds tokens of other settings
   * @throws io.kanana.core.error.CheckpointException if the template is at fault, or files cannot
   *     be written, or are not as they were written
   */
  public static ConversationMixture open(
      ConversationData data,
      ChatFormat format,
      int contextLength,
      Path directory,
      LongConsumer progress) {
    ConversationMixture mixture = new ConversationMixture(data, format, contextLength, directory);
    try {
      data.domains().keySet().forEach(name -> mixture.add(name, progress));
      return mixture;
    } catch (RuntimeException e) {
      mixture.close();
      throw e;
    }
  }

  private void add(String name, LongConsumer progress) {
    Path own = directory.resolve(name);
    Path tokens = own.resolve(ConversationTokenization.TRAIN);
    if (Artefact.isArtefact(tokens)) {
      requireSame(tokens, ConversationCounts.read(tokens));
    } else {
      write(name, own, progress);
    }
    ConversationCounts found = ConversationCounts.read(tokens);
    counts.put(name, found);
    train.put(name, ConversationShards.open(tokens, own.resolve("train-packed"), progress));
    if (found.heldOut() > 0) {
      heldOut.put(
          name,
          ConversationShards.open(
              own.resolve(ConversationTokenization.HELD_OUT),
              own.resolve("held-out-packed"),
              progress));
    }
  }

  private void write(String name, Path own, LongConsumer progress) {
    try {
      Files.createDirectories(own);
    } catch (IOException e) {
      throw new CheckpointException(own + ": cannot be made: " + Reason.of(e), e);
    }
    try (QuarantineLog quarantine = new QuarantineLog(own.resolve("quarantine.jsonl"))) {
      ConversationTokenization.write(
          data.domains().get(name).conversations().stream()
              .map(ConversationSource.Config::create)
              .toList(),
          format,
          new ConversationTokenization.Config(contextLength, data.tooLong(), data.heldOutShare()),
          own,
          quarantine,
          progress);
    }
  }

  private void requireSame(Path tokens, ConversationCounts found) {
    boolean same =
        found.chatFormat().equals(format.fingerprint())
            && found.contextLength() == contextLength
            && found.tooLong() == data.tooLong()
            && found.heldOutShare() == data.heldOutShare();
    if (!same) {
      throw new DataException(
          tokens
              + ": was made with another tokenizer, template, context-length, too-long or"
              + " held-out-share"
              + REMEDY);
    }
  }

  /** What became of the records of each domain, in the order of the configuration. */
  public Map<String, ConversationCounts> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** The artefacts of the tokens that are trained on. */
  public List<Path> artefacts() {
    return counts.keySet().stream()
        .map(name -> directory.resolve(name).resolve(ConversationTokenization.TRAIN))
        .toList();
  }

  /** The ids that the assistant's turns end with: those that are to end an answer. */
  public SortedSet<Integer> endOfTurn() {
    SortedSet<Integer> ids = new TreeSet<>();
    counts.values().forEach(own -> ids.addAll(own.endOfTurn()));
    return ids;
  }

  /** Sequences in one pass over all domains that have a weight other than 0. */
  public long epochLength() {
    return train.keySet().stream()
        .filter(name -> data.domains().get(name).weight().orElse(1) > 0)
        .mapToLong(name -> train.get(name).sequences().count())
        .sum();
  }

  /**
   * Decides how much of each domain a run reads.
   *
   * @param seed chooses the order
   * @param runSequences how many sequences it takes in all
   * @param slack so many of a domain beyond its limit are let pass, because a run ends with a whole
   *     step
   * @throws ConfigException if that is more of a domain than its limit allows
   */
  public MixturePlan plan(long seed, long runSequences, long slack) {
    MixtureConfig mixture = data.mixture();
    Map<String, Double> shares =
        new MixtureShares(mixture, sequences(), runSequences, slack).decide(data.onLimit());
    Map<String, MixturePlan.Domain> domains = new LinkedHashMap<>();
    shares.forEach(
        (name, share) ->
            domains.put(name, MixturePlan.Domain.of(train.get(name).sequences(), share)));
    return new MixturePlan(contextLength, Packing.BEST_FIT, seed, domains);
  }

  private Map<String, BestFitSequences> sequences() {
    Map<String, BestFitSequences> sequences = new LinkedHashMap<>();
    train.forEach((name, own) -> sequences.put(name, own.sequences()));
    return sequences;
  }

  /**
   * The sequences of a plan, in its order.
   *
   * @throws ConfigException if they cannot be dealt as it says
   */
  public ConversationBatches batches(MixturePlan plan) {
    return new ConversationBatches(
        new MixtureBatches(plan, sequences()), format.tokenizer().vocabularySize());
  }

  /**
   * What is measured on: one pass over the held-out conversations of each domain that has some,
   * with the domain's share of the plan. Packing puts the longest first, so they come in an order
   * of their own, always the same.
   */
  public List<HeldOutLoss.Domain> heldOut(MixturePlan plan) {
    List<HeldOutLoss.Domain> domains = new ArrayList<>();
    heldOut.forEach(
        (name, own) ->
            domains.add(
                new HeldOutLoss.Domain(
                    name,
                    plan.tokenShare(name),
                    new ConversationBatches(
                        new SequentialBatches(own.sequences(), HELD_OUT_ORDER),
                        own.vocabularySize()))));
    return domains;
  }

  @Override
  public void close() {
    train.values().forEach(ConversationShards::close);
    heldOut.values().forEach(ConversationShards::close);
  }
}
