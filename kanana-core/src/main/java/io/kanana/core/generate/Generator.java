package io.kanana.core.generate;

import io.kanana.core.autograd.Tape;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.KvCache;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Continues token sequences, several at once, with a cache of keys and values. A beginning that all
 * have in common is read once. What a sequence becomes does not depend on the others in its batch
 * (up to rounding). Not safe for use by several threads.
 */
public final class Generator {
  /** Decides how a sequence goes on. */
  public interface Continuation {
    /**
     * The next token.
     *
     * @param logits [V], the callee's to change
     * @param tokens prompt and what was generated, not to be changed
     */
    int choose(float[] logits, int[] tokens);

    /** Takes the token that was chosen; true ends the sequence. */
    boolean accept(int token);
  }

  /**
   * A sequence to continue.
   *
   * @param prompt at least one token
   * @param limit the most tokens to generate
   */
  public record Request(int[] prompt, int limit, Continuation continuation) {
    public Request {
      if (prompt.length == 0) {
        throw new ConfigException("prompt", "must have at least one token");
      }
    }
  }

  /** A sequence under way. */
  private static final class Sequence {
    private final Request request;
    private int[] tokens;
    private int length;
    private boolean finished;

    Sequence(Request request) {
      this.request = request;
      this.length = request.prompt.length;
      this.tokens = Arrays.copyOf(request.prompt, length + request.limit);
      this.finished = request.limit < 1;
    }

    void advance(float[] logits) {
      int token = request.continuation.choose(logits, Arrays.copyOf(tokens, length));
      tokens[length++] = token;
      boolean ended = request.continuation.accept(token);
      finished = ended || length == tokens.length;
    }

    int last() {
      return tokens[length - 1];
    }

    int[] generated() {
      return Arrays.copyOfRange(tokens, request.prompt.length, length);
    }
  }

  /** A shorter beginning is not worth a pass of its own. */
  private static final int LEAST_SHARED = 16;

  private final Llama model;
  private final TensorBackend backend;

  public Generator(Llama model) {
    this.model = model;
    this.backend = model.backend();
  }

  /** The generated tokens of each request, prompts excluded, the token that ended it included. */
  public List<int[]> generate(List<Request> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    List<Sequence> sequences = requests.stream().map(Sequence::new).toList();
    int longest = sequences.stream().mapToInt(s -> s.length).max().orElseThrow();
    int capacity = sequences.stream().mapToInt(s -> s.tokens.length).max().orElseThrow();
    checkCapacity(capacity);
    try (Scope scope = backend.scope("generation")) {
      KvCache cache =
          new KvCache(model.config(), scope, sequences.size(), Math.max(longest, capacity));
      int shared = sharedBeginning(sequences);
      if (shared > 0) {
        readBeginning(sequences.getFirst().tokens, shared, cache, scope);
      }
      readPrompts(sequences, cache, shared, longest - shared);
      while (sequences.stream().anyMatch(s -> !s.finished)) {
        step(sequences, cache);
      }
    } finally {
      // prompts differ in length, so the next one could use none of these blocks
      backend.pool().trim();
    }
    return sequences.stream().map(Sequence::generated).toList();
  }

  private void checkCapacity(int capacity) {
    if (capacity > model.config().contextLength()) {
      throw new ConfigException(
          "max-new-tokens",
          String.format(
              Locale.ROOT,
              "prompt and new tokens make %d positions, but the context of the model is %d",
              capacity,
              model.config().contextLength()));
    }
  }

  /** How many tokens all prompts begin with; at least one is left to each. */
  private static int sharedBeginning(List<Sequence> sequences) {
    int[] first = sequences.getFirst().tokens;
    int shared = sequences.stream().mapToInt(s -> s.length - 1).min().orElseThrow();
    for (Sequence sequence : sequences) {
      int mismatch = Arrays.mismatch(first, 0, shared, sequence.tokens, 0, shared);
      shared = mismatch < 0 ? shared : mismatch;
    }
    return sequences.size() > 1 && shared >= LEAST_SHARED ? shared : 0;
  }

  private void readBeginning(int[] tokens, int length, KvCache cache, Scope scope) {
    KvCache one = new KvCache(model.config(), scope, 1, length);
    try (Scope step = backend.scope("common beginning")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), step);
      model.hidden(tape, one, Arrays.copyOf(tokens, length));
    }
    one.setLength(0, length);
    cache.beginWith(one, 0, backend.kernels());
  }

  /**
   * Prompts are padded behind; what the padding leaves in the cache is overwritten by the tokens
   * that follow.
   */
  private void readPrompts(List<Sequence> sequences, KvCache cache, int from, int time) {
    int[] tokens = new int[sequences.size() * time];
    int[] lastRows = new int[sequences.size()];
    for (int b = 0; b < sequences.size(); b++) {
      Sequence sequence = sequences.get(b);
      System.arraycopy(sequence.tokens, from, tokens, b * time, sequence.length - from);
      lastRows[b] = b * time + sequence.length - from - 1;
    }
    float[] logits = logits(cache, tokens, lastRows);
    for (int b = 0; b < sequences.size(); b++) {
      cache.setLength(b, sequences.get(b).length);
    }
    advance(sequences, logits);
  }

  private void step(List<Sequence> sequences, KvCache cache) {
    int[] tokens = sequences.stream().mapToInt(Sequence::last).toArray();
    int[] rows = new int[tokens.length];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = b;
      cache.setLength(b, Math.min(cache.length(b), cache.capacity() - 1));
    }
    float[] logits = logits(cache, tokens, rows);
    for (int b = 0; b < rows.length; b++) {
      cache.setLength(b, Math.min(sequences.get(b).length, cache.capacity()));
    }
    advance(sequences, logits);
  }

  private float[] logits(KvCache cache, int[] tokens, int[] rows) {
    try (Scope scope = backend.scope("generation step")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor hidden = model.hidden(tape, cache, tokens).value();
      return backend.floats(model.logits(tape, select(scope, hidden, rows)));
    }
  }

  /** Some rows of a matrix, in the dtype that the head takes. */
  private Tensor select(Scope scope, Tensor hidden, int[] rows) {
    Tensor out = scope.allocate(hidden.dtype(), rows.length, hidden.dim(1));
    for (int i = 0; i < rows.length; i++) {
      backend.kernels().copy(hidden.slice(rows[i], rows[i] + 1), out.slice(i, i + 1));
    }
    return out;
  }

  private void advance(List<Sequence> sequences, float[] logits) {
    int vocabulary = model.config().vocabularySize();
    for (int b = 0; b < sequences.size(); b++) {
      Sequence sequence = sequences.get(b);
      if (!sequence.finished) {
        sequence.advance(Arrays.copyOfRange(logits, b * vocabulary, (b + 1) * vocabulary));
      }
    }
  }
}
