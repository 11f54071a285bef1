package io.kanana.core.generate;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tokenizer.IncrementalDecoder;
import io.kanana.core.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Continues text with a model and its tokenizer. Not safe for use by several threads. */
public final class TextGenerator {
  /**
   * How a text is continued.
   *
   * @param maxNewTokens the most tokens, fewer where the model's context ends
   * @param sampling how each is drawn
   * @param stops strings that end the text and are not part of it
   * @param seed of the draws; the same seed gives the same text
   */
  public record Options(int maxNewTokens, SamplingOptions sampling, List<String> stops, long seed) {
    public Options {
      if (maxNewTokens < 0) {
        throw new ConfigException("max-new-tokens", "must be >= 0, got " + maxNewTokens);
      }
      stops = List.copyOf(stops);
    }

    /** The default sampling at another temperature, without stop strings. */
    public static Options of(int maxNewTokens, double temperature, long seed) {
      SamplingOptions usual = SamplingOptions.DEFAULT;
      SamplingOptions sampling =
          new SamplingOptions(
              temperature, usual.topK(), usual.topP(), usual.minP(), usual.repetitionPenalty());
      return new Options(maxNewTokens, sampling, List.of(), seed);
    }
  }

  /** Why a text ended. */
  public enum Ending {
    /** The model drew a token that ends texts. */
    END_OF_TEXT,
    /** A stop string came. */
    STOP_STRING,
    /** No more tokens were wanted, or the context was full. */
    LENGTH,
    /** The caller did not want to wait for the rest. */
    INTERRUPTED
  }

  /**
   * What follows a prompt.
   *
   * @param text without special tokens and stop strings
   * @param ids every token that was drawn, the last one included
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  public record Continued(String text, int[] ids, Ending ending) {}

  /**
   * A text to continue in its own way.
   *
   * @param ids its tokens, at least one
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  public record Prompt(int[] ids, Options options) {}

  private final Llama model;
  private final Tokenizer tokenizer;
  private final Set<Integer> endings;

  /**
   * @param endings ids that end a text, besides the tokenizer's own end of text
   */
  public TextGenerator(Llama model, Tokenizer tokenizer, Set<Integer> endings) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.endings = new HashSet<>(endings);
    tokenizer.endOfText().ifPresent(this.endings::add);
  }

  public TextGenerator(Llama model, Tokenizer tokenizer) {
    this(model, tokenizer, Set.of());
  }

  /**
   * What follows each prompt, all generated together. A prompt begins a document; what looks like a
   * special token is text.
   */
  public List<String> generate(List<String> prompts, Options options) {
    return continueAll(prompts.stream().map(this::beginning).toList(), options).stream()
        .map(Continued::text)
        .toList();
  }

  /**
   * What follows each prompt of token ids, all generated together; the draws of each are its own.
   */
  public List<Continued> continueAll(List<int[]> prompts, Options options) {
    return continueAll(
        prompts.stream().map(ids -> new Prompt(ids, options)).toList(),
        IntStream.range(0, prompts.size()).toArray());
  }

  /**
   * What follows each prompt, all generated together. What a prompt becomes depends on its own
   * options and not on those beside it.
   */
  public List<Continued> continueEach(List<Prompt> prompts) {
    return continueAll(prompts, new int[prompts.size()]);
  }

  private List<Continued> continueAll(List<Prompt> prompts, int[] draws) {
    List<Stream> streams = new ArrayList<>();
    List<Generator.Request> requests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      Prompt prompt = prompts.get(i);
      streams.add(new Stream(prompt.options, draws[i], piece -> {}, () -> false));
      requests.add(request(prompt.ids, streams.get(i), prompt.options));
    }
    List<int[]> ids = new Generator(model).generate(requests);
    return IntStream.range(0, ids.size()).mapToObj(i -> streams.get(i).finish(ids.get(i))).toList();
  }

  /**
   * What follows a prompt of token ids, such as a rendered chat template.
   *
   * @param pieces is given the text piece by piece as it becomes certain
   */
  public String stream(int[] prompt, Options options, Consumer<String> pieces) {
    return stream(prompt, options, pieces, () -> false).text();
  }

  /**
   * What follows a prompt of token ids, until somebody has enough.
   *
   * @param pieces is given the text piece by piece as it becomes certain
   * @param enough is asked after each token; true ends the text
   */
  public Continued stream(
      int[] prompt, Options options, Consumer<String> pieces, BooleanSupplier enough) {
    Stream stream = new Stream(options, 0, pieces, enough);
    List<int[]> ids = new Generator(model).generate(List.of(request(prompt, stream, options)));
    return stream.finish(ids.getFirst());
  }

  /** The ids of a document's beginning. */
  public int[] beginning(String text) {
    return beginning(tokenizer, text);
  }

  /** The ids of a document's beginning: what a continuation of this text begins from. */
  public static int[] beginning(Tokenizer tokenizer, String text) {
    IntStream begin = tokenizer.beginOfText().stream();
    int[] ids = tokenizer.encode(text, Tokenizer.Specials.NONE);
    return IntStream.concat(begin, IntStream.of(ids)).toArray();
  }

  private Generator.Request request(int[] prompt, Stream stream, Options options) {
    int room = model.config().contextLength() - prompt.length;
    if (room < 1) {
      throw new ConfigException(
          "prompt",
          String.format(
              Locale.ROOT,
              "has %d tokens, but the context of the model is %d; one must be left for the answer",
              prompt.length,
              model.config().contextLength()));
    }
    return new Generator.Request(prompt, Math.min(options.maxNewTokens(), room), stream);
  }

  /** One text under way. */
  private final class Stream implements Generator.Continuation {
    private final Sampler sampler;
    private final RandomKey key;
    private final IncrementalDecoder decoder = tokenizer.decoder(true);
    private final StopStrings stops;
    private final Consumer<String> pieces;
    private final BooleanSupplier enough;
    private final StringBuilder text = new StringBuilder();
    private Ending ending = Ending.LENGTH;

    Stream(Options options, int index, Consumer<String> pieces, BooleanSupplier enough) {
      this.sampler = new Sampler(options.sampling());
      this.key = RandomKey.of(options.seed()).child("generation").child(index);
      this.stops = new StopStrings(options.stops());
      this.pieces = pieces;
      this.enough = enough;
    }

    @Override
    public int choose(float[] logits, int[] tokens) {
      return sampler.next(logits, tokens, key);
    }

    @Override
    public boolean accept(int token) {
      ending = endingAt(token);
      return ending != Ending.LENGTH;
    }

    private Ending endingAt(int token) {
      if (endings.contains(token)) {
        return Ending.END_OF_TEXT;
      }
      if (token < tokenizer.vocabularySize()) {
        emit(stops.next(decoder.next(token)));
      }
      if (stops.stopped()) {
        return Ending.STOP_STRING;
      }
      return enough.getAsBoolean() ? Ending.INTERRUPTED : Ending.LENGTH;
    }

    Continued finish(int[] ids) {
      emit(stops.next(decoder.flush()));
      emit(stops.flush());
      return new Continued(text.toString(), ids, ending);
    }

    private void emit(String piece) {
      if (!piece.isEmpty()) {
        text.append(piece);
        pieces.accept(piece);
      }
    }
  }
}
