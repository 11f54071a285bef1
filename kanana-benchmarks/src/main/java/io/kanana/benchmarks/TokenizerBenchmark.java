package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.FilesConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Times a tokenizer: reading it, encoding documents with it, training it. */
final class TokenizerBenchmark {
  private static final List<String> SPECIALS = List.of("<|begin_of_text|>", "<|end_of_text|>");

  private TokenizerBenchmark() {}

  /**
   * How to measure.
   *
   * @param threads how many encode, or count words
   * @param warmUp rounds that are not counted: they compile the code
   * @param rounds how many are counted
   */
  record Settings(int threads, int warmUp, int rounds) {
    Settings {
      if (threads < 1) {
        throw new ConfigException("--threads", "must be at least 1, got " + threads);
      }
      if (warmUp < 0) {
        throw new ConfigException("--warm-up", "must be at least 0, got " + warmUp);
      }
      if (rounds < 1) {
        throw new ConfigException("--rounds", "must be at least 1, got " + rounds);
      }
    }
  }

  /**
   * What was seen.
   *
   * @param seconds of each round, the warm-up included
   * @param warmUp how many of them are not counted
   * @param bytes of UTF-8 that a round worked on
   * @param tokens that came out, or the size of the vocabulary
   * @param digest SHA-256 of the ids, the merges or the file, which tells the same work from other
   *     work
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Measured(double[] seconds, int warmUp, long bytes, long tokens, String digest) {
    double medianSeconds() {
      return Median.of(Arrays.copyOfRange(seconds, warmUp, seconds.length));
    }

    /** A million bytes each. */
    double megabytesPerSecond() {
      return bytes / medianSeconds() / 1e6;
    }
  }

  /** Reads a tokenizer from a file or directory. */
  static Measured load(Path path, Settings settings) {
    Path file = Files.isDirectory(path) ? path.resolve(Tokenizers.TOKENIZER) : path;
    Timed<BytePairTokenizer> timed = time(() -> path, Tokenizers::load, settings);
    byte[] content = content(file);
    MessageDigest digest = sha256();
    digest.update(content);
    return measured(timed, settings, content.length, timed.last().vocabularySize(), digest);
  }

  /** Encodes documents as ordinary text, with a tokenizer that has seen none before each round. */
  static Measured encode(Path path, List<String> texts, Settings settings) {
    Timed<List<int[]>> timed =
        time(
            () -> Tokenizers.load(path),
            tokenizer -> tokenizer.encodeAll(texts, Specials.NONE, settings.threads()),
            settings);
    MessageDigest digest = sha256();
    timed.last().forEach(ids -> digest.update(littleEndian(ids)));
    long tokens = timed.last().stream().mapToLong(ids -> ids.length).sum();
    return measured(timed, settings, bytes(texts), tokens, digest);
  }

  /** Trains a tokenizer with the pattern of Llama 3; every document ends with a line feed. */
  static Measured train(int vocabularySize, List<String> texts, Settings settings) {
    List<String> lines = texts.stream().map(TokenizerBenchmark::ended).toList();
    BpeTrainer trainer = new BpeTrainer(new BpeTrainer.Config(vocabularySize, SPECIALS));
    Timed<BytePairTokenizer> timed =
        time(lines::iterator, documents -> trainer.train(documents, settings.threads()), settings);
    MessageDigest digest = sha256();
    for (JsonNode merge : json(Tokenizers.toJson(timed.last())).at("/model/merges")) {
      String line = merge.get(0).textValue() + " " + merge.get(1).textValue() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return measured(timed, settings, bytes(texts), timed.last().vocabularySize(), digest);
  }

  /** The texts of what {@code data.documents} names by these paths, in their order. */
  static List<String> texts(List<String> paths) {
    List<String> texts = new ArrayList<>();
    for (String path : paths) {
      try (DocumentStream documents = FilesConfig.of(path).create().open(rejected -> {})) {
        for (Document document = documents.next(); document != null; document = documents.next()) {
          texts.add(document.text());
        }
      }
    }
    return texts;
  }

  private record Timed<T>(T last, double[] seconds) {}

  private static <S, T> Timed<T> time(Supplier<S> prepare, Function<S, T> work, Settings settings) {
    double[] seconds = new double[settings.warmUp + settings.rounds];
    T last = null;
    for (int round = 0; round < seconds.length; round++) {
      S prepared = prepare.get();
      long start = System.nanoTime();
      last = work.apply(prepared);
      seconds[round] = (System.nanoTime() - start) / 1e9;
    }
    return new Timed<>(last, seconds);
  }

  private static Measured measured(
      Timed<?> timed, Settings settings, long bytes, long tokens, MessageDigest digest) {
    return new Measured(
        timed.seconds(), settings.warmUp, bytes, tokens, HexFormat.of().formatHex(digest.digest()));
  }

  private static String ended(String text) {
    return text.endsWith("\n") ? text : text + "\n";
  }

  private static long bytes(List<String> texts) {
    return texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
  }

  private static byte[] littleEndian(int[] ids) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asIntBuffer().put(ids);
    return buffer.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static JsonNode json(byte[] content) {
    try {
      return new ObjectMapper().readTree(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
