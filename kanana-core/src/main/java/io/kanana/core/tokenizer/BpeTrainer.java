package io.kanana.core.tokenizer;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * Trains a byte-level BPE tokenizer laid out as Llama 3's (Sennrich et al. 2016, arXiv:1508.07909).
 *
 * <p>Texts are cut into lines, each with its line feed, and lines into pieces by the pattern;
 * merges are learned from the counts of the pieces. Ids are the special tokens in their order, the
 * 256 bytes in the order of their characters, then the merges. The result depends on the texts
 * alone, neither on their order nor on the number of threads, and is what Hugging Face tokenizers
 * learn. Special tokens are not looked for in the texts.
 */
public final class BpeTrainer {
  /** The pre-tokenizer pattern of Llama 3. */
  public static final String LLAMA_3_PATTERN = Llama3Scanner.LLAMA_3;

  /** How much text a thread takes at a time, in characters. */
  private static final int BATCH = 1 << 18;

  private final Config config;
  private final Optional<DocumentTokens> documentTokens;

  private record DocumentTokens(OptionalInt begin, OptionalInt end) {}

  /**
   * What to train.
   *
   * @param vocabularySize of the finished tokenizer, special tokens and bytes included; fewer if
   *     the texts do not hold as many pairs
   * @param specialTokens in the order of their ids, from 0
   * @param minFrequency pairs that occur less often are not merged
   * @param maxTokenLength tokens are shorter than this many bytes; {@link Integer#MAX_VALUE} for
   *     any
   * @param pattern the regular expression that cuts text into pieces
   */
  public record Config(
      int vocabularySize,
      List<String> specialTokens,
      long minFrequency,
      int maxTokenLength,
      String pattern) {
    /** The largest vocabulary that can be asked for. */
    public static final int LARGEST_VOCABULARY = 1 << 24;

    public Config {
      specialTokens = List.copyOf(specialTokens);
      List<Problem> problems =
          problems(vocabularySize, specialTokens, minFrequency, maxTokenLength);
      try {
        SplitPattern.regex(pattern);
      } catch (IllegalArgumentException e) {
        problems.add(new Problem("pattern", "cannot be used: " + e.getMessage()));
      }
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
    }

    /** Llama 3's pattern, tokens of any length, pairs of any frequency. */
    public Config(int vocabularySize, List<String> specialTokens) {
      this(vocabularySize, specialTokens, 0, Integer.MAX_VALUE, LLAMA_3_PATTERN);
    }

    private static List<Problem> problems(
        int vocabularySize, List<String> specialTokens, long minFrequency, int maxTokenLength) {
      List<Problem> problems = new ArrayList<>();
      int least = 256 + specialTokens.size();
      if (vocabularySize < least || vocabularySize > LARGEST_VOCABULARY) {
        problems.add(
            new Problem(
                "vocabulary-size",
                String.format(
                    Locale.ROOT,
                    "is %d; it must be from %d (256 bytes and the special tokens) to %d",
                    vocabularySize,
                    least,
                    LARGEST_VOCABULARY)));
      }
      if (new HashSet<>(specialTokens).size() < specialTokens.size()
          || specialTokens.stream().anyMatch(Config::unfit)) {
        problems.add(
            new Problem(
                "special-tokens",
                "is " + specialTokens + "; every one occurs once, is not empty and is no byte"));
      }
      if (minFrequency < 0) {
        problems.add(new Problem("min-frequency", "is " + minFrequency + "; it must be 0 or more"));
      }
      if (maxTokenLength < 2) {
        problems.add(
            new Problem("max-token-length", "is " + maxTokenLength + "; it must be 2 or more"));
      }
      return problems;
    }

    private static boolean unfit(String special) {
      return special.isEmpty()
          || (special.length() == 1 && ByteAlphabet.byteOf(special.charAt(0)) >= 0);
    }
  }

  /** Tokens that begin and end documents are, among the special ones, those of the usual names. */
  public BpeTrainer(Config config) {
    this(config, Optional.empty());
  }

  private BpeTrainer(Config config, Optional<DocumentTokens> documentTokens) {
    this.config = config;
    this.documentTokens = documentTokens;
  }

  /**
   * This, for tokenizers whose documents begin and end with these two of the special tokens,
   * whatever their names.
   *
   * @throws ConfigException if one of them is no special token
   */
  public BpeTrainer withDocumentTokens(String begin, String end) {
    return new BpeTrainer(
        config, Optional.of(new DocumentTokens(specialToken(begin), specialToken(end))));
  }

  private OptionalInt specialToken(String token) {
    int id = config.specialTokens().indexOf(token);
    if (id < 0) {
      throw new ConfigException(
          "special-tokens", "must hold " + token + ", got " + config.specialTokens());
    }
    return OptionalInt.of(id);
  }

  /**
   * Trains on texts.
   *
   * @param texts read once, by one thread at a time; its failures are thrown as they are
   * @param threads how many cut and count; the result is the same for any
   */
  public BytePairTokenizer train(Iterator<String> texts, int threads) {
    if (threads < 1) {
      throw new ConfigException("threads", "is " + threads + "; it must be 1 or more");
    }
    WordCounts words = count(texts, threads);
    List<String> tokens = new ArrayList<>(config.specialTokens());
    int[] byteIds = addBytes(tokens);
    MergeLearner learner =
        new MergeLearner(tokens, byteIds, words, config.vocabularySize(), config.maxTokenLength());
    learner.learn(config.vocabularySize(), config.minFrequency());
    return tokenizer(learner);
  }

  private static int[] addBytes(List<String> tokens) {
    int[] byteIds = new int[256];
    IntStream.range(0, 256)
        .boxed()
        .sorted(Comparator.comparingInt(ByteAlphabet::charOf))
        .forEach(
            b -> {
              byteIds[b] = tokens.size();
              tokens.add(String.valueOf(ByteAlphabet.charOf(b)));
            });
    return byteIds;
  }

  private WordCounts count(Iterator<String> texts, int threads) {
    SplitPattern pattern = SplitPattern.regex(config.pattern());
    List<Callable<WordCounts>> workers = new ArrayList<>();
    for (int n = 0; n < threads; n++) {
      workers.add(
          () -> {
            WordCounts counts = new WordCounts();
            for (List<String> batch = next(texts); !batch.isEmpty(); batch = next(texts)) {
              batch.forEach(text -> countText(text, pattern, counts));
            }
            return counts;
          });
    }
    List<WordCounts> all = OrderedTasks.run(workers);
    WordCounts first = all.getFirst();
    all.subList(1, all.size()).forEach(first::addAll);
    return first;
  }

  private static List<String> next(Iterator<String> texts) {
    synchronized (texts) {
      List<String> batch = new ArrayList<>();
      for (int length = 0; length < BATCH && texts.hasNext(); ) {
        String text = texts.next();
        batch.add(text);
        length += text.length();
      }
      return batch;
    }
  }

  private static void countText(String source, SplitPattern pattern, WordCounts counts) {
    char[] chars = Text.of(source, false).chars();
    for (int start = 0; start < chars.length; ) {
      int end = start;
      while (end < chars.length && chars[end] != '\n') {
        end++;
      }
      end = Math.min(end + 1, chars.length);
      countLine(chars, start, end, pattern, counts);
      start = end;
    }
  }

  private static void countLine(
      char[] chars, int from, int to, SplitPattern pattern, WordCounts counts) {
    WordScanner scanner = pattern.scanner();
    if (scanner == null) {
      pattern.find(chars, from, to, (start, end, match) -> counts.add(chars, start, end, 1));
      return;
    }
    for (int i = from; i < to; ) {
      int end = scanner.end(chars, i, to);
      counts.add(chars, i, end, 1);
      i = end;
    }
  }

  private BytePairTokenizer tokenizer(MergeLearner learner) {
    Map<String, Integer> vocabulary = new HashMap<>();
    List<String> tokens = learner.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < config.specialTokens().size(); id++) {
      added.add(AddedToken.special(id, config.specialTokens().get(id)));
    }
    BpeModel model =
        new BpeModel(
            vocabulary, learner.merges(), new BpeModel.Options(null, false, false, true), true);
    PreTokenizer pieces =
        new PreTokenizer.Sequence(
            List.of(
                new PreTokenizer.Split(
                    SplitPattern.regex(config.pattern()), PreTokenizer.Behavior.ISOLATED, false),
                new PreTokenizer.ByteLevel(false, true, false)));
    BytePairTokenizer.Parts parts =
        new BytePairTokenizer.Parts(
            null, pieces, model, null, new TokenDecoder.ByteLevel(true, true, true), added);
    return of(parts.with(postProcessor(of(parts))));
  }

  private BytePairTokenizer of(BytePairTokenizer.Parts parts) {
    BytePairTokenizer tokenizer = Tokenizers.of(parts);
    return documentTokens
        .map(tokens -> tokenizer.withDocumentTokens(tokens.begin, tokens.end))
        .orElse(tokenizer);
  }

  /** Puts the begin-of-text token, where there is one, before prompts. */
  private static PostProcessor postProcessor(BytePairTokenizer bare) {
    PostProcessor offsets = new PostProcessor.ByteLevel(true, false, true);
    OptionalInt begin = bare.beginOfText();
    if (begin.isEmpty()) {
      return offsets;
    }
    String token = bare.token(begin.getAsInt());
    PostProcessor template =
        new PostProcessor.Template(
            List.of(special(token, 0), text("A", 0)),
            List.of(special(token, 0), text("A", 0), special(token, 1), text("B", 1)),
            Map.of(token, new PostProcessor.Special(List.of(begin.getAsInt()), List.of(token))));
    return new PostProcessor.Sequence(List.of(offsets, template));
  }

  private static PostProcessor.Part special(String token, int typeId) {
    return new PostProcessor.Part(true, token, typeId);
  }

  private static PostProcessor.Part text(String name, int typeId) {
    return new PostProcessor.Part(false, name, typeId);
  }
}
