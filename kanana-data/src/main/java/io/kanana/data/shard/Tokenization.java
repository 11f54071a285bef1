package io.kanana.data.shard;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.config.Check;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.shard.Encoder.Encoded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongConsumer;

/**
 * Turns a corpus into token shards: {@code train} and {@code held-out} below one directory, each an
 * artefact. {@code train} is the last to appear, so where it is, the other is. The result depends
 * on the documents, the tokenizer and the {@link Config} alone, not on the number of threads; a few
 * chunks of documents are in memory at a time.
 */
public final class Tokenization {
  /** The directory of the shards to train on. */
  public static final String TRAIN = "train";

  /** The directory of the shards that are held out. */
  public static final String HELD_OUT = "held-out";

  /**
   * How shards are cut.
   *
   * @param heldOutShare the share of distinct documents to hold out, chosen by a digest of the text
   * @param shardTokens a shard ends with the document that reaches this many tokens
   * @param heldOutMayBeEmpty whether a share above 0 of so few documents that it is none is let
   *     pass
   */
  public record Config(double heldOutShare, long shardTokens, boolean heldOutMayBeEmpty) {
    public Config {
      Check.that(
          heldOutShare >= 0 && heldOutShare < 1,
          "held-out-share",
          "must lie in 0 .. 1 and be below 1, got %s",
          heldOutShare);
      Check.that(shardTokens >= 1, "shard-tokens", "must be at least 1, got %s", shardTokens);
    }

    /** A share above 0 must hold out something. */
    public Config(double heldOutShare, long shardTokens) {
      this(heldOutShare, shardTokens, false);
    }

    /** Shards of 100 million tokens. */
    public static Config of(double heldOutShare) {
      return new Config(heldOutShare, 100_000_000);
    }

    /** The same for one of several domains, which may be too small to hold something out. */
    public Config ofDomain() {
      return new Config(heldOutShare, shardTokens, true);
    }
  }

  /** The kind of the artefacts. */
  public static final String KIND = "token-shards";

  /** What was written. */
  public record Result(ShardsManifest train, ShardsManifest heldOut) {}

  private static final int CHUNK_CHARACTERS = 1 << 18;

  private final Tokenizer tokenizer;
  private final String fingerprint;
  private final List<String> parents;
  private final Config config;
  private final Encoder encoder;

  /**
   * @param fingerprint names the tokenizer in what is written, such as a digest of its file
   */
  public Tokenization(Tokenizer tokenizer, String fingerprint, Config config) {
    this(tokenizer, fingerprint, List.of(), config);
  }

  /**
   * @param origin the artefact that the tokenizer was read from, which becomes the shards' parent
   */
  public Tokenization(Tokenizer tokenizer, Artefact origin, Config config) {
    this(tokenizer, origin.id(), List.of(origin.id()), config);
  }

  private Tokenization(
      Tokenizer tokenizer, String fingerprint, List<String> parents, Config config) {
    this.tokenizer = tokenizer;
    this.fingerprint = fingerprint;
    this.parents = parents;
    this.config = config;
    this.encoder = new Encoder(tokenizer, config.heldOutShare());
  }

  /** Whether a directory has the shards of a tokenization that came to its end. */
  public static boolean isDone(Path directory) {
    return Artefact.isArtefact(directory.resolve(TRAIN));
  }

  /**
   * Tokenizes every document of a corpus.
   *
   * @param directory where there must be no {@code train} yet; made with its parents
   * @param threads how many tokenize at once
   * @param progress is told how many documents have been written, now and then
   * @throws DataException if the corpus cannot be read or is empty, the shards are there already,
   *     or all documents fell on the held-out side, or none did and some must
   * @throws CheckpointException if the shards cannot be written
   */
  public Result write(
      DocumentSource corpus,
      Path directory,
      int threads,
      Quarantine quarantine,
      LongConsumer progress) {
    if (isDone(directory)) {
      throw new DataException(
          directory.resolve(TRAIN) + ": exists already; remove it or name another place");
    }
    try (ArtefactWriter heldOut =
            ArtefactWriter.create(directory.resolve(HELD_OUT), KIND, parents);
        ArtefactWriter train = ArtefactWriter.create(directory.resolve(TRAIN), KIND, parents)) {
      Result result = write(corpus, train, heldOut, threads, quarantine, new Count(progress));
      heldOut.commit();
      train.commit();
      return result;
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /**
   * Tokenizes every document of a corpus into one artefact, of which nothing is held out.
   *
   * @param target the artefact's directory
   * @throws DataException if the corpus cannot be read or is empty
   * @throws CheckpointException if the shards cannot be written
   */
  public ShardsManifest writeWhole(
      DocumentSource corpus,
      Path target,
      int threads,
      Quarantine quarantine,
      LongConsumer progress) {
    Count count = new Count(progress);
    try (ArtefactWriter artefact = ArtefactWriter.create(target, KIND, parents);
        ShardSetWriter shards = new ShardSetWriter(artefact, kind(), config.shardTokens());
        DocumentStream documents = corpus.open(quarantine)) {
      pipe(
          documents,
          threads,
          encoded -> {
            shards.add(encoded.ids(), encoded.textBytes());
            count.one();
          });
      ShardsManifest manifest = shards.finish();
      artefact.commit();
      return manifest;
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private static CheckpointException unwritable(Path directory, IOException e) {
    return new CheckpointException(
        directory
            + ": the shards cannot be written ("
            + Reason.of(e)
            + "); free or name another place",
        e);
  }

  private Result write(
      DocumentSource corpus,
      ArtefactWriter trainArtefact,
      ArtefactWriter heldOutArtefact,
      int threads,
      Quarantine quarantine,
      Count count)
      throws IOException {
    ShardsManifest kind = kind();
    try (ShardSetWriter train = new ShardSetWriter(trainArtefact, kind, config.shardTokens());
        ShardSetWriter heldOut = new ShardSetWriter(heldOutArtefact, kind, config.shardTokens());
        DocumentStream documents = corpus.open(quarantine)) {
      pipe(
          documents,
          threads,
          encoded -> {
            (encoded.heldOut() ? heldOut : train).add(encoded.ids(), encoded.textBytes());
            count.one();
          });
      return checked(new Result(train.finish(), heldOut.finish()));
    }
  }

  private ShardsManifest kind() {
    return ShardsManifest.empty(
        fingerprint,
        tokenizer.vocabularySize(),
        tokenizer.beginOfText().isPresent(),
        tokenizer.endOfText().isPresent());
  }

  private Result checked(Result result) {
    boolean heldOut = config.heldOutShare() > 0 && !config.heldOutMayBeEmpty();
    if (result.train().documents() == 0 || (heldOut && result.heldOut().documents() == 0)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "held-out-share %s left %d documents to train on and %d held out; give more documents or another share",
              config.heldOutShare(),
              result.train().documents(),
              result.heldOut().documents()));
    }
    return result;
  }

  private interface Sink {
    void accept(Encoded encoded) throws IOException;
  }

  /** Encodes chunks of documents side by side and hands them on in their order. */
  private void pipe(DocumentStream documents, int threads, Sink sink) throws IOException {
    Queue<Future<List<Encoded>>> pending = new ArrayDeque<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads, daemons());
    try {
      for (List<Document> chunk = chunk(documents); !chunk.isEmpty(); chunk = chunk(documents)) {
        List<Document> work = chunk;
        pending.add(executor.submit(() -> work.stream().map(encoder::encode).toList()));
        if (pending.size() > 2 * threads) {
          deliver(pending.remove(), sink);
        }
      }
      while (!pending.isEmpty()) {
        deliver(pending.remove(), sink);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static ThreadFactory daemons() {
    return Thread.ofPlatform().daemon().name("tokenize-", 0).factory();
  }

  private static List<Document> chunk(DocumentStream documents) {
    List<Document> chunk = new ArrayList<>();
    long characters = 0;
    while (characters < CHUNK_CHARACTERS) {
      Document document = documents.next();
      if (document == null) {
        break;
      }
      chunk.add(document);
      characters += document.text().length();
    }
    return chunk;
  }

  private static void deliver(Future<List<Encoded>> chunk, Sink sink) throws IOException {
    try {
      for (Encoded encoded : chunk.get()) {
        sink.accept(encoded);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KananaException cause) {
        throw cause;
      }
      throw new IllegalStateException("a document could not be tokenized", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while tokenizing; nothing was written", e);
    }
  }

  private static final class Count {
    private static final long EVERY = 1000;

    private final LongConsumer progress;
    private long documents;

    Count(LongConsumer progress) {
      this.progress = progress;
    }

    void one() {
      documents++;
      if (documents % EVERY == 0) {
        progress.accept(documents);
      }
    }
  }
}
