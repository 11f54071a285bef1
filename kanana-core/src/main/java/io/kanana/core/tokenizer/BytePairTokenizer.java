package io.kanana.core.tokenizer;

import io.kanana.core.error.DataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.UnaryOperator;

/**
 * A byte-pair tokenizer of any of the kinds that Hugging Face's {@code tokenizer.json} describes:
 * normalizer, added tokens, pre-tokenizer, model, post-processor, decoder. Made by {@link
 * Tokenizers#load}, {@link Tokenizers#parse} or {@link BpeTrainer}.
 *
 * <p>Immutable and safe for use by many threads. The words that an encoding meets are remembered in
 * a bounded cache, one for each thread that encodes at the same time.
 */
public final class BytePairTokenizer implements Tokenizer {
  private static final int EXPECTED_CHARACTERS_PER_TOKEN = 3;

  private final Parts parts;
  private final Map<String, AddedToken> addedByContent = new HashMap<>();
  private final String[] tokens;
  private final boolean[] special;
  private final AddedTokenMatcher rawTokens;
  private final AddedTokenMatcher normalizedTokens;
  private final boolean byteLevel;
  private final boolean needsAlignment;
  private final WordScanner scanner;
  private final OptionalInt beginOfText;
  private final OptionalInt endOfText;
  private final ArrayBlockingQueue<BpeWorkspace> workspaces =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /**
   * What {@code tokenizer.json} holds; parts that it may lack are null.
   *
   * @param added in the order of the file
   */
  record Parts(
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      BpeModel model,
      PostProcessor postProcessor,
      TokenDecoder decoder,
      List<AddedToken> added) {
    Parts {
      added = List.copyOf(added);
    }

    Parts with(PostProcessor other) {
      return new Parts(normalizer, preTokenizer, model, other, decoder, added);
    }
  }

  BytePairTokenizer(Parts parts, OptionalInt beginOfText, OptionalInt endOfText) {
    this.parts = parts;
    this.beginOfText = beginOfText;
    this.endOfText = endOfText;
    int size = parts.model.size();
    for (AddedToken token : parts.added) {
      addedByContent.put(token.content(), token);
      size = Math.max(size, token.id() + 1);
    }
    tokens = new String[size];
    special = new boolean[size];
    nameTokens();
    rawTokens = matcher(false, UnaryOperator.identity());
    normalizedTokens = matcher(true, this::normalized);
    byteLevel = parts.preTokenizer != null && parts.preTokenizer.byteLevel();
    needsAlignment = parts.preTokenizer != null && parts.preTokenizer.needsAlignment();
    scanner = parts.preTokenizer == null ? null : parts.preTokenizer.scanner();
  }

  private void nameTokens() {
    for (int id = 0; id < tokens.length; id++) {
      tokens[id] = parts.model.token(id);
    }
    for (AddedToken token : parts.added) {
      tokens[token.id()] = token.content();
    }
    for (int id = 0; id < tokens.length; id++) {
      AddedToken token = tokens[id] == null ? null : addedByContent.get(tokens[id]);
      special[id] = token != null && token.special();
    }
  }

  private AddedTokenMatcher matcher(boolean normalized, UnaryOperator<String> form) {
    return new AddedTokenMatcher(
        parts.added.stream().filter(token -> token.normalized() == normalized).toList(), form);
  }

  private String normalized(String content) {
    if (parts.normalizer == null) {
      return content;
    }
    Text text = Text.of(content, false);
    return new String(parts.normalizer.normalize(text, 0, text.chars().length).chars());
  }

  Parts parts() {
    return parts;
  }

  @Override
  public int vocabularySize() {
    return tokens.length;
  }

  @Override
  public int[] encode(String text, Specials specials) {
    BpeWorkspace space = borrow();
    try {
      return encode(text, specials, needsAlignment, false, space).ids.toArray();
    } finally {
      giveBack(space);
    }
  }

  @Override
  public Encoding encodeWithOffsets(String text, Specials specials) {
    BpeWorkspace space = borrow();
    try {
      return encode(text, specials, true, true, space).toEncoding();
    } finally {
      giveBack(space);
    }
  }

  /**
   * The ids of many texts, in their order, encoded on several threads.
   *
   * @param threads how many; at least 1
   */
  public List<int[]> encodeAll(List<String> texts, Specials specials, int threads) {
    return OrderedTasks.map(texts, text -> encode(text, specials), threads);
  }

  private BpeWorkspace borrow() {
    BpeWorkspace space = workspaces.poll();
    return space == null ? new BpeWorkspace() : space;
  }

  private void giveBack(BpeWorkspace space) {
    if (space.isSmall()) {
      // a full queue lets the workspace go, which bounds the memory
      boolean _ = workspaces.offer(space);
    }
  }

  private TokenSink encode(
      String source, Specials specials, boolean aligned, boolean offsets, BpeWorkspace space) {
    Text text = Text.of(source, aligned);
    int length = text.chars().length;
    TokenSink sink = new TokenSink(length / EXPECTED_CHARACTERS_PER_TOKEN + 8, offsets);
    boolean parse = specials != Specials.NONE;
    rawTokens.split(
        text.chars(),
        0,
        length,
        parse,
        new AddedTokenMatcher.Sink() {
          @Override
          public void text(int from, int to) {
            encodeRaw(text, from, to, parse, space, sink);
          }

          @Override
          public void token(int id, int from, int to) {
            sink.add(id, text, from, to);
          }
        });
    return parts.postProcessor == null
        ? sink
        : parts.postProcessor.process(sink, specials == Specials.PARSE_AND_ADD, id -> tokens[id]);
  }

  private void encodeRaw(
      Text raw, int rawFrom, int rawTo, boolean parse, BpeWorkspace space, TokenSink sink) {
    boolean changed = parts.normalizer != null;
    Text text = changed ? parts.normalizer.normalize(raw, rawFrom, rawTo) : raw;
    normalizedTokens.split(
        text.chars(),
        changed ? 0 : rawFrom,
        changed ? text.chars().length : rawTo,
        parse,
        new AddedTokenMatcher.Sink() {
          @Override
          public void text(int from, int to) {
            encodeNormalized(text, from, to, space, sink);
          }

          @Override
          public void token(int id, int from, int to) {
            sink.add(id, text, from, to);
          }
        });
  }

  private void encodeNormalized(Text text, int from, int to, BpeWorkspace space, TokenSink sink) {
    if (scanner != null) {
      scanner.find(text.chars(), from, to, (s, e, match) -> encodePiece(text, s, e, space, sink));
    } else if (parts.preTokenizer == null) {
      encodePiece(text, from, to, space, sink);
    } else {
      parts.preTokenizer.split(text, from, to, (t, s, e) -> encodePiece(t, s, e, space, sink));
    }
  }

  private void encodePiece(Text text, int from, int to, BpeWorkspace space, TokenSink sink) {
    if (from == to) {
      return;
    }
    if (sink.offsets() || to - from > BpeWorkspace.LONGEST_WORD) {
      parts.model.encode(text.chars(), from, to, space);
      sink.addAll(space, text, from, to);
      return;
    }
    long hash = TextHash.of(text.chars(), from, to);
    int word = space.cache.find(text.chars(), from, to, hash);
    if (word >= 0) {
      space.cache.copy(word, sink.ids);
      return;
    }
    int first = sink.ids.size();
    parts.model.encode(text.chars(), from, to, space);
    sink.addAll(space, text, from, to);
    IntList ids = sink.ids;
    space.cache.put(text.chars(), from, to, hash, ids.size() - first, i -> ids.get(first + i));
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException for an id outside the vocabulary
   */
  @Override
  public String decode(int[] ids, boolean skipSpecials) {
    StringBuilder text = new StringBuilder();
    TokenDecoder.Stage stage = decoder().open(text::append);
    for (int id : ids) {
      accept(id, skipSpecials, stage);
    }
    stage.finish();
    return text.toString();
  }

  private TokenDecoder decoder() {
    return parts.decoder == null ? new TokenDecoder.Spaced() : parts.decoder;
  }

  private void accept(int id, boolean skipSpecials, TokenDecoder.Stage stage) {
    String token = token(id);
    if (!skipSpecials || !special[id]) {
      stage.accept(token);
    }
  }

  /**
   * The token of an id as it stands in the vocabulary, in byte-level characters where the tokenizer
   * is byte-level.
   *
   * @throws DataException for an id outside the vocabulary
   */
  public String token(int id) {
    if (id < 0 || id >= tokens.length || tokens[id] == null) {
      throw new DataException(
          "token id "
              + id
              + " is not in the vocabulary (ids 0 to "
              + (tokens.length - 1)
              + "); decode with the tokenizer that encoded the text");
    }
    return tokens[id];
  }

  @Override
  public IncrementalDecoder decoder(boolean skipSpecials) {
    return new Stream(skipSpecials);
  }

  /** One stream; a new stage begins after each flush. */
  private final class Stream implements IncrementalDecoder {
    private final boolean skipSpecials;
    private final StringBuilder certain = new StringBuilder();
    private TokenDecoder.Stage stage = decoder().open(certain::append);

    Stream(boolean skipSpecials) {
      this.skipSpecials = skipSpecials;
    }

    @Override
    public String next(int id) {
      accept(id, skipSpecials, stage);
      return take();
    }

    @Override
    public String flush() {
      stage.finish();
      stage = decoder().open(certain::append);
      return take();
    }

    private String take() {
      String text = certain.toString();
      certain.setLength(0);
      return text;
    }
  }

  @Override
  public OptionalInt tokenId(String token) {
    AddedToken added = addedByContent.get(token);
    int id = added == null ? parts.model.id(token) : added.id();
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public OptionalInt beginOfText() {
    return beginOfText;
  }

  @Override
  public OptionalInt endOfText() {
    return endOfText;
  }

  /** The tokens that are found in text before merging, by ascending id. */
  public List<AddedToken> addedTokens() {
    List<AddedToken> sorted = new ArrayList<>(parts.added);
    sorted.sort(java.util.Comparator.comparingInt(AddedToken::id));
    return sorted;
  }

  /** Whether tokens are written in the byte alphabet, so that every text can be encoded. */
  public boolean byteLevel() {
    return byteLevel;
  }

  /** This tokenizer with other tokens that begin and end documents. */
  BytePairTokenizer withDocumentTokens(OptionalInt begin, OptionalInt end) {
    return new BytePairTokenizer(parts, begin, end);
  }
}
