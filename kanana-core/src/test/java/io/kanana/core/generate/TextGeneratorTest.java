package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.TextGenerator.Continued;
import io.kanana.core.generate.TextGenerator.Ending;
import io.kanana.core.generate.TextGenerator.Options;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TextGeneratorTest {
  private final BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
  private final TensorBackend backend = new ReferenceBackend();
  private final Llama model =
      TinyCheckpoint.model(TinyCheckpoint.shape(tokenizer.vocabularySize()), backend);
  private final TextGenerator generator = new TextGenerator(model, tokenizer);
  private final int[] prompt = generator.beginning("The sea");

  @AfterEach
  void close() {
    model.close();
    backend.close();
  }

  private static Options greedy(int tokens, String... stops) {
    return new Options(tokens, SamplingOptions.GREEDY, List.of(stops), 0);
  }

  private Continued stream(Options options, List<String> pieces) {
    return generator.stream(prompt, options, pieces::add, () -> false);
  }

  @Test
  void aPromptBeginsADocument() {
    assertThat(prompt[0]).isEqualTo(tokenizer.beginOfText().orElseThrow());
    assertThat(generator.beginning("<|im_end|>")).hasSizeGreaterThan(2);
  }

  @Test
  void theSameSeedDrawsTheSameText() {
    List<String> texts = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      texts.add(generator.stream(prompt, Options.of(30, 1.5, seed), piece -> {}));
    }
    assertThat(texts.get(0)).isEqualTo(texts.get(1)).isNotEqualTo(texts.get(2));
  }

  @Test
  void promptsOfABatchAreDrawnApart() {
    List<String> prompts = List.of("The sea", "The sea", "바다");
    List<String> texts = generator.generate(prompts, Options.of(30, 1.5, 1));
    assertThat(texts.get(0)).isNotEqualTo(texts.get(1));
    assertThat(texts.get(0))
        .isEqualTo(generator.stream(prompt, Options.of(30, 1.5, 1), piece -> {}));
  }

  @Test
  void thePiecesAreTheTextAndTheTokensTheirs() {
    List<String> pieces = new ArrayList<>();
    Continued text = stream(greedy(25), pieces);
    assertThat(text.ending()).isEqualTo(Ending.LENGTH);
    assertThat(String.join("", pieces)).isEqualTo(text.text());
    assertThat(text.text()).isEqualTo(tokenizer.decode(text.ids(), true));
  }

  @Test
  void aStopStringEndsTheTextThoughItSpansTokens() {
    Continued whole = stream(greedy(25), new ArrayList<>());
    for (int from = 1; from < 20; from++) {
      String before = tokenizer.decode(Arrays.copyOf(whole.ids(), from), true);
      String after = tokenizer.decode(Arrays.copyOf(whole.ids(), from + 2), true);
      if (before.contains("\uFFFD") || after.contains("\uFFFD") || before.isEmpty()) {
        continue;
      }
      String stop = after.substring(before.length() - 1);
      List<String> pieces = new ArrayList<>();
      Continued text = stream(greedy(25, stop, "never"), pieces);
      assertThat(text.ending()).isEqualTo(Ending.STOP_STRING);
      assertThat(text.text())
          .isEqualTo(whole.text().substring(0, whole.text().indexOf(stop)))
          .isEqualTo(String.join("", pieces));
    }
  }

  @Test
  void endingsEndTheTextAndAreNotPartOfIt() {
    Continued whole = stream(greedy(10), new ArrayList<>());
    int ending = whole.ids()[4];
    TextGenerator other = new TextGenerator(model, tokenizer, Set.of(ending));
    Continued text = other.stream(prompt, greedy(10), piece -> {}, () -> false);
    assertThat(text.ending()).isEqualTo(Ending.END_OF_TEXT);
    assertThat(text.ids()[text.ids().length - 1]).isEqualTo(ending);
    assertThat(text.text())
        .isEqualTo(tokenizer.decode(Arrays.copyOf(text.ids(), text.ids().length - 1), true));
  }

  @Test
  void whoHasEnoughStops() {
    Continued text = generator.stream(prompt, greedy(10), piece -> {}, () -> true);
    assertThat(text.ending()).isEqualTo(Ending.INTERRUPTED);
    assertThat(text.ids()).hasSize(1);
  }

  @Test
  void thePromptMustLeaveRoomInTheContext() {
    int[] full = tokenizer.encode("the sea ".repeat(60), Specials.NONE);
    assertThat(full.length).isGreaterThan(TinyCheckpoint.CONTEXT);
    assertThatThrownBy(() -> generator.stream(full, greedy(1), piece -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("prompt", full.length + " tokens", "96");
    int[] nearly = Arrays.copyOf(full, TinyCheckpoint.CONTEXT - 2);
    assertThat(generator.stream(nearly, greedy(50), piece -> {}, () -> false).ids()).hasSize(2);
  }
}
