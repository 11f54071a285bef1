package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Generation with a cache against the whole sequence anew for every token. */
class GeneratorTest {
  private static final int VOCABULARY = 61;
  private static final double TOLERANCE = 1e-4;
  private static final List<int[]> PROMPTS =
      List.of(new int[] {5}, new int[] {1, 2, 3, 4, 5, 6, 7}, new int[] {60, 0, 60});

  /** A test with a model of its own. */
  private interface Check {
    void run(Llama model);
  }

  /** Takes the most probable token and keeps what it chose from. */
  private static final class Greedy implements Generator.Continuation {
    private final List<float[]> seen = new ArrayList<>();
    private final int ending;

    Greedy(int ending) {
      this.ending = ending;
    }

    @Override
    public int choose(float[] logits, int[] tokens) {
      seen.add(logits.clone());
      return best(logits);
    }

    @Override
    public boolean accept(int token) {
      return seen.size() == ending;
    }
  }

  private static int best(float[] logits) {
    return IntStream.range(0, logits.length)
        .reduce((a, b) -> logits[b] > logits[a] ? b : a)
        .orElseThrow();
  }

  private static Stream<DynamicTest> onEveryBackEnd(Check check) {
    return TensorBackends.providers().stream()
        .filter(provider -> provider.obstacle().isEmpty())
        .map(provider -> DynamicTest.dynamicTest(provider.name(), () -> run(provider, check)));
  }

  private static void run(TensorBackendProvider provider, Check check) {
    try (TensorBackend backend = provider.open(2);
        Llama model = TinyCheckpoint.model(TinyCheckpoint.shape(VOCABULARY), backend)) {
      check.run(model);
    }
  }

  @TestFactory
  Stream<DynamicTest> theCacheChangesNothing() {
    return onEveryBackEnd(
        model -> {
          Greedy greedy = new Greedy(Integer.MAX_VALUE);
          int[] prompt = PROMPTS.get(1);
          int[] tokens =
              new Generator(model)
                  .generate(List.of(new Generator.Request(prompt, 20, greedy)))
                  .getFirst();
          int[] all = IntStream.concat(Arrays.stream(prompt), Arrays.stream(tokens)).toArray();
          assertThat(tokens).hasSize(20);
          for (int i = 0; i < tokens.length; i++) {
            float[] whole = logits(model, Arrays.copyOf(all, prompt.length + i));
            assertClose(greedy.seen.get(i), whole);
            assertThat(tokens[i]).isEqualTo(best(whole));
          }
        });
  }

  private static float[] logits(Llama model, int[] tokens) {
    try (Scope scope = model.backend().scope("test")) {
      Tape tape = Tape.forwardOnly(model.backend().kernels(), scope);
      TokenInput input = TokenInput.whole(model.backend(), scope, 1, tokens.length, tokens);
      Tensor hidden = model.hidden(tape, input, false).value();
      return model
          .backend()
          .floats(model.logits(tape, hidden.slice(tokens.length - 1, tokens.length)));
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual)
        .usingElementComparator((a, b) -> Math.abs(a - b) <= TOLERANCE ? 0 : 1)
        .containsExactly(expected);
  }

  @TestFactory
  Stream<DynamicTest> aSequenceIsTheSameInABatch() {
    return onEveryBackEnd(
        model -> {
          List<Generator.Request> requests = new ArrayList<>();
          for (int i = 0; i < PROMPTS.size(); i++) {
            requests.add(new Generator.Request(PROMPTS.get(i), 4 + 3 * i, new Greedy(8)));
          }
          List<int[]> together = new Generator(model).generate(requests);
          assertThat(together).extracting(tokens -> tokens.length).containsExactly(4, 7, 8);
          for (int i = 0; i < PROMPTS.size(); i++) {
            Generator.Request alone =
                new Generator.Request(PROMPTS.get(i), requests.get(i).limit(), new Greedy(8));
            assertThat(new Generator(model).generate(List.of(alone)).getFirst())
                .containsExactly(together.get(i));
          }
        });
  }

  /** Prompts that are read in blocks, some of them padding. */
  @TestFactory
  Stream<DynamicTest> longPromptsAreTheSameInABatch() {
    return onEveryBackEnd(
        model -> {
          List<Generator.Request> requests = new ArrayList<>();
          for (int length : new int[] {5, 12, 70}) {
            int[] prompt = IntStream.range(0, length).map(i -> (7 * i + length) % 61).toArray();
            requests.add(new Generator.Request(prompt, 20, new Greedy(0)));
          }
          List<int[]> together = new Generator(model).generate(requests);
          for (int i = 0; i < requests.size(); i++) {
            assertThat(new Generator(model).generate(List.of(requests.get(i))).getFirst())
                .hasSize(20)
                .containsExactly(together.get(i));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theContextCanBeFilledButNotMore() {
    return onEveryBackEnd(
        model -> {
          int room = TinyCheckpoint.CONTEXT - 1;
          Generator generator = new Generator(model);
          int[] prompt = {3};
          assertThat(
                  generator
                      .generate(List.of(new Generator.Request(prompt, room, new Greedy(0))))
                      .getFirst())
              .hasSize(room);
          assertThatThrownBy(
                  () ->
                      generator.generate(
                          List.of(new Generator.Request(prompt, room + 1, new Greedy(0)))))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("97 positions")
              .hasMessageContaining("96");
        });
  }

  @TestFactory
  Stream<DynamicTest> memoryDoesNotGrowWithTheNumberOfLengths() {
    return onEveryBackEnd(
        model -> {
          long before = generateAndMeasure(model, 1);
          for (int length = 2; length <= 50; length++) {
            assertThat(generateAndMeasure(model, length)).isEqualTo(before);
          }
        });
  }

  /** The bytes that are held after a prompt of that length was continued. */
  private static long generateAndMeasure(Llama model, int length) {
    Generator.Request request = new Generator.Request(new int[length], 3, new Greedy(0));
    new Generator(model).generate(List.of(request));
    return model.backend().pool().heldBytes();
  }
}
