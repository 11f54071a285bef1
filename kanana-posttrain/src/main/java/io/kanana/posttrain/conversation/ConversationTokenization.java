package io.kanana.posttrain.conversation;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.config.Check;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.Quarantine;
import io.kanana.data.shard.HeldOut;
import io.kanana.data.shard.ShardSetWriter;
import io.kanana.data.shard.ShardsManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Turns conversations into token shards: {@code train} and {@code held-out} below one directory,
 * each an artefact; {@code train} is the last to appear. A conversation is a document of them, and
 * never longer than a sequence, so that packing by best fit cuts none.
 *
 * <p>Which tokens are trained on stands in their ids: where the tokenizer has V tokens, the id of
 * one that is trained on is V more than its own, and the shards' vocabulary has 2 V. The bytes of a
 * document are those of the text that is trained on. {@link ConversationBatches} reads both back.
 *
 * <p>The result depends on the conversations, the format and the {@link Config} alone. Which
 * conversations are held out is decided by a digest of what is said in them, as it is for documents
 * by their text. A few conversations are in memory at a time. For one thread.
 */
public final class ConversationTokenization {
  /** The directory of the shards to train on. */
  public static final String TRAIN = "train";

  /** The directory of the shards that are held out. */
  public static final String HELD_OUT = "held-out";

  /** The kind of the artefacts. */
  public static final String KIND = "conversation-shards";

  private static final long SHARD_TOKENS = 100_000_000;
  private static final int EVERY = 100;

  /**
   * What is kept.
   *
   * @param contextLength T, the most tokens of a conversation
   * @param tooLong what becomes of longer ones
   * @param heldOutShare the share of distinct questions whose conversations are held out
   */
  public record Config(int contextLength, TooLong tooLong, double heldOutShare) {
    public Config {
      Check.that(contextLength >= 2, "context-length", "must be at least 2, got %s", contextLength);
      Check.that(
          heldOutShare >= 0 && heldOutShare < 1,
          "held-out-share",
          "must lie in 0 .. 1 and be below 1, got %s",
          heldOutShare);
    }
  }

  private final ChatFormat format;
  private final Config config;
  private final HeldOut heldOut;

  private final SortedMap<String, Long> dropped = new TreeMap<>();
  private final SortedSet<Integer> endOfTurn = new TreeSet<>();
  private long keptCount;
  private long heldOutCount;
  private long cutCount;
  private long targets;
  private long heldOutTargets;

  private ConversationTokenization(ChatFormat format, Config config) {
    this.format = format;
    this.config = config;
    this.heldOut = new HeldOut(config.heldOutShare());
  }

  /**
   * Makes tokens of all conversations of some sources.
   *
   * @param directory made with its parents; what is there is replaced
   * @param quarantine is told of every record that is left out
   * @param progress is told how many conversations have been written, now and then; what it throws
   *     breaks off, and nothing is written
   * @throws DataException if a source cannot be read, or there is nothing to train on
   * @throws CheckpointException if the template is at fault, or the shards cannot be written
   */
  public static ConversationCounts write(
      List<? extends ConversationSource> sources,
      ChatFormat format,
      Config config,
      Path directory,
      Quarantine quarantine,
      LongConsumer progress) {
    return new ConversationTokenization(format, config)
        .write(sources, directory, quarantine, progress);
  }

  private ConversationCounts write(
      List<? extends ConversationSource> sources,
      Path directory,
      Quarantine quarantine,
      LongConsumer progress) {
    try (ArtefactWriter measured =
            ArtefactWriter.create(directory.resolve(HELD_OUT), KIND, List.of());
        ArtefactWriter trained = ArtefactWriter.create(directory.resolve(TRAIN), KIND, List.of())) {
      try (ShardSetWriter heldOutShards = new ShardSetWriter(measured, empty(), SHARD_TOKENS);
          ShardSetWriter trainShards = new ShardSetWriter(trained, empty(), SHARD_TOKENS)) {
        for (ConversationSource source : sources) {
          write(source, trainShards, heldOutShards, counting(quarantine), progress);
        }
        trainShards.finish();
        heldOutShards.finish();
      }
      ConversationCounts counts = counts();
      measured.write(ConversationCounts.FILE, counts.json());
      trained.write(ConversationCounts.FILE, counts.json());
      measured.commit();
      trained.commit();
      return counts;
    } catch (IOException e) {
      throw new CheckpointException(
          directory + ": the tokens cannot be written (" + Reason.of(e) + "); make room", e);
    }
  }

  private ShardsManifest empty() {
    return ShardsManifest.empty(
        format.fingerprint(),
        Math.multiplyExact(2, format.tokenizer().vocabularySize()),
        true, // of the first token nothing is predicted, so that no text is counted for it
        false);
  }

  private Quarantine counting(Quarantine quarantine) {
    return rejected -> {
      dropped.merge(rejected.reason(), 1L, Long::sum);
      quarantine.reject(rejected);
    };
  }

  private void write(
      ConversationSource source,
      ShardSetWriter train,
      ShardSetWriter measured,
      Quarantine quarantine,
      LongConsumer progress)
      throws IOException {
    try (ConversationStream stream = source.open(quarantine)) {
      for (FoundConversation found = stream.next(); found != null; found = stream.next()) {
        try {
          add(found.conversation(), train, measured);
        } catch (BadConversationException e) {
          quarantine.reject(found.rejected(e));
        } catch (CheckpointException e) {
          throw e.within(found.file() + ", line " + found.line());
        }
        if ((keptCount + heldOutCount) % EVERY == 0) {
          progress.accept(keptCount + heldOutCount);
        }
      }
    }
  }

  private void add(Conversation conversation, ShardSetWriter train, ShardSetWriter measured)
      throws BadConversationException, IOException {
    ConversationTokens tokens = fitting(format.tokens(conversation));
    boolean out = heldOut.contains(conversation.question());
    (out ? measured : train).add(marked(tokens), tokens.textBytes());
    tokens.turns().forEach(turn -> endOfTurn.add(tokens.ids()[turn.to() - 1]));
    if (out) {
      heldOutCount++;
      heldOutTargets += tokens.targets();
    } else {
      keptCount++;
      targets += tokens.targets();
    }
  }

  private ConversationTokens fitting(ConversationTokens tokens) throws BadConversationException {
    int length = tokens.turns().getLast().to();
    ConversationTokens within = tokens.within(config.contextLength());
    boolean whole = length <= config.contextLength();
    if (!whole && (config.tooLong() == TooLong.DROP || within.turns().isEmpty())) {
      throw new BadConversationException(
          "too-long",
          String.format(
              Locale.ROOT, "%d tokens, context-length is %d", length, config.contextLength()));
    }
    cutCount += whole ? 0 : 1;
    return within;
  }

  private int[] marked(ConversationTokens tokens) {
    int size = format.tokenizer().vocabularySize();
    int[] ids = tokens.ids().clone();
    for (ConversationTokens.Turn turn : tokens.turns()) {
      for (int i = turn.from(); i < turn.to(); i++) {
        ids[i] += size;
      }
    }
    return ids;
  }

  private ConversationCounts counts() {
    if (keptCount == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "there is no conversation to train on: %d are held out, and left out were %s; give more"
                  + " conversations, or mend these",
              heldOutCount,
              dropped));
    }
    return new ConversationCounts(
        ConversationCounts.FORMAT,
        format.fingerprint(),
        config.contextLength(),
        config.tooLong(),
        config.heldOutShare(),
        keptCount,
        heldOutCount,
        cutCount,
        targets,
        heldOutTargets,
        endOfTurn,
        dropped);
  }
}
