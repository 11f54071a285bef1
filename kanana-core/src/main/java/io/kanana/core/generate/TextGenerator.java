package io.kanana.core.generate;

import io.kanana.core.model.Llama;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tokenizer.IncrementalDecoder;
import io.kanana.core.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
      stops = List.copyOf(stops);
    }

    /** Sampling from the likeliest tokens of together 95 %, without stop strings. */
    public static Options of(int maxNewTokens, double temperature, long seed) {
      SamplingOptions sampling = new SamplingOptions(temperature, 0, 0.95, 0, 1);
      return new Options(maxNewTokens, sampling, List.of(), seed);
    }
  }

  private final Llama model;
  private final Tokenizer tokenizer;
  private final Set<Integer> endings;

  /**
   * @param endings ids that end a text, besides the tokenizer's own end of text
   */
  public TextGenerator(Llama model, Tokenizer tokenizer, Set<Integer> endings) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.endings = Set.copyOf(endings);
  }

  public TextGenerator(Llama model, Tokenizer tokenizer) {
    this(model, tokenizer, Set.of());
  }

  /**
   * What follows each prompt, all generated together. A prompt begins a document; what looks like a
   * special token is text.
   */
  public List<String> generate(List<String> prompts, Options options) {
    List<Stream> streams = new ArrayList<>();
    List<Generator.Request> requests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      streams.add(new Stream(options, i, piece -> {}));
      requests.add(request(beginning(prompts.get(i)), streams.get(i), options));
    }
    new Generator(model).generate(requests);
    return streams.stream().map(Stream::finish).toList();
  }

  /**
   * What follows a prompt of token ids, such as a rendered chat template.
   *
   * @param pieces is given the text piece by piece as it becomes certain
   */
  public String stream(int[] prompt, Options options, Consumer<String> pieces) {
    Stream stream = new Stream(options, 0, pieces);
    new Generator(model).generate(List.of(request(prompt, stream, options)));
    return stream.finish();
  }

  /** The ids of a document's beginning. */
  public int[] beginning(String text) {
    IntStream begin = tokenizer.beginOfText().stream();
    int[] ids = tokenizer.encode(text, Tokenizer.Specials.NONE);
    return IntStream.concat(begin, IntStream.of(ids)).toArray();
  }

  private Generator.Request request(int[] prompt, Stream stream, Options options) {
    int room = model.config().contextLength() - prompt.length;
    return new Generator.Request(prompt, Math.min(options.maxNewTokens(), room), stream);
  }

  /** One text under way. */
  private final class Stream implements Generator.Continuation {
    private final Sampler sampler;
    private final RandomKey key;
    private final IncrementalDecoder decoder = tokenizer.decoder(true);
    private final StopStrings stops;
    private final Consumer<String> pieces;
    private final StringBuilder text = new StringBuilder();

    Stream(Options options, int index, Consumer<String> pieces) {
      this.sampler = new Sampler(options.sampling());
      this.key = RandomKey.of(options.seed()).child("generation").child(index);
      this.stops = new StopStrings(options.stops());
      this.pieces = pieces;
    }

    @Override
    public int choose(float[] logits, int[] tokens) {
      return sampler.next(logits, tokens, key);
    }

    @Override
    public boolean accept(int token) {
      if (endings.contains(token) || tokenizer.endOfText().stream().anyMatch(id -> id == token)) {
        return true;
      }
      emit(stops.next(decoder.next(token)));
      return stops.stopped();
    }

    String finish() {
      emit(stops.next(decoder.flush()));
      emit(stops.flush());
      return text.toString();
    }

    private void emit(String piece) {
      if (!piece.isEmpty()) {
        text.append(piece);
        pieces.accept(piece);
      }
    }
  }
}
