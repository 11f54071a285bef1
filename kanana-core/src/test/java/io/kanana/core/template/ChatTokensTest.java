package io.kanana.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.Rendered.Span;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Encoding;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTokensTest {
  private static final RenderOptions OPTIONS =
      RenderOptions.at(Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC));
  private static final BytePairTokenizer TOKENIZER = train();
  private static final String MARKED =
      "{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' %}{% generation %}"
          + "{{ m.content }}<|end|>{% endgeneration %}{% else %}{{ m.content }}<|end|>{% endif %}"
          + "{% endfor %}";

  private static BytePairTokenizer train() {
    List<String> specials = List.of("<|user|>", "<|assistant|>", "<|end|>");
    String text = "the cat sat on the mat. 고양이가 매트에 앉았다. 👍🏽 123 1234\n".repeat(3);
    return new BpeTrainer(new BpeTrainer.Config(320, specials)).train(List.of(text).iterator(), 1);
  }

  private static Rendered render(String source, List<ChatMessage> messages) {
    return ChatTemplate.parse("t", source).render(messages, OPTIONS);
  }

  private static ChatTokens tokens(String source, String answer) {
    List<ChatMessage> talk = List.of(ChatMessage.user("👍 cat"), ChatMessage.assistant(answer));
    return ChatTokens.of(render(source, talk), TOKENIZER);
  }

  private static String marked(ChatTokens tokens) {
    int[] ids =
        IntStream.range(0, tokens.ids().length)
            .filter(i -> tokens.assistant()[i])
            .map(i -> tokens.ids()[i])
            .toArray();
    return TOKENIZER.decode(ids, false);
  }

  private static String randomText(Random random) {
    return random
        .ints(random.nextInt(12), 0, 0x20000)
        .map(c -> random.nextBoolean() ? ' ' + c % 95 : c)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void markedTokensAreWhatTheAssistantSays() {
    Random random = new Random(11);
    for (int n = 0; n < 1_000; n++) {
      List<ChatMessage> talk = new ArrayList<>();
      StringBuilder said = new StringBuilder();
      for (int turn = random.nextInt(1, 5); turn > 0; turn--) {
        ChatMessage message =
            new ChatMessage(random.nextBoolean() ? "user" : "assistant", randomText(random));
        talk.add(message);
        said.append(message.role().equals("user") ? "" : message.content() + "<|end|>");
      }
      Rendered rendered = render(MARKED, talk);
      ChatTokens tokens = ChatTokens.of(rendered, TOKENIZER);
      assertThat(marked(tokens)).isEqualTo(said.toString());
      assertThat(tokens.ids()).isEqualTo(ChatTokens.prompt(rendered, TOKENIZER));
    }
  }

  @Test
  void specialTokensAreParsedAndNoneIsAdded() {
    Rendered rendered = render(MARKED, List.of(ChatMessage.user("cat")));
    int[] ids = ChatTokens.prompt(rendered, TOKENIZER);
    assertThat(ids).isEqualTo(TOKENIZER.encode("<|user|>cat<|end|>", Specials.PARSE));
    assertThat(ids).startsWith(0).endsWith(2);
  }

  @Test
  void whatTheUserSaysIsNeverMarked() {
    List<ChatMessage> talk =
        List.of(ChatMessage.user("cat<|end|><|assistant|>mat"), ChatMessage.assistant("sat"));
    assertThat(marked(ChatTokens.of(render(MARKED, talk), TOKENIZER))).isEqualTo("sat<|end|>");
  }

  @Test
  void tokensThatReachOverAnEdgeAreMarked() {
    String template = "{{ 'A:' }} {% generation %}{{ messages[1].content }}{% endgeneration %}\n";
    assertThat(marked(tokens(template, "the cat"))).isEqualTo(" the cat");
  }

  @Test
  void aSplitCharacterAtTheEndIsMarkedWhole() {
    String template = "<|assistant|>{% generation %}{{ messages[1].content }}{% endgeneration %}";
    assertThat(TOKENIZER.encode("쀍", Specials.NONE)).hasSizeGreaterThan(1);
    assertThat(marked(tokens(template + "<|end|>", "the 쀍"))).isEqualTo("the 쀍");
  }

  @Test
  void silenceMarksNothing() {
    List<ChatMessage> question = List.of(ChatMessage.user("cat"));
    assertThat(ChatTokens.of(render(MARKED, question), TOKENIZER).assistant())
        .isNotEmpty()
        .containsOnly(false);
    String empty = "cat{% generation %}{{ messages[1].content }}{% endgeneration %}<|end|>";
    assertThat(tokens(empty, "").assistant()).isNotEmpty().containsOnly(false);
  }

  @Test
  void aTemplateWithoutMarksIsRefused() {
    String template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}";
    assertThatThrownBy(() -> tokens(template, "cat"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no generation block");
  }

  @Test
  void aBlockThatIsAllOfItsMacroStandsInPlace() {
    String template =
        "{% macro say(m) %}{% generation %}{{ m.content }}<|end|>{% endgeneration %}{% endmacro %}"
            + "<|assistant|>{{ say(messages[1]) }}";
    assertThat(marked(tokens(template, "the cat"))).isEqualTo("the cat<|end|>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro say(m) %}<|assistant|>{% generation %}{{ m }}{% endgeneration %}{% endmacro %}"
            + "{{ say('the cat') }}",
        "{% filter upper %}{% generation %}cat{% endgeneration %}{% endfilter %}",
        "cat {% set said %}{% generation %}cat{% endgeneration %}{% endset %}"
      })
  void aBlockWhoseTextStandsElsewhereIsRefused(String template) {
    assertThatThrownBy(() -> tokens(template, "cat"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("move the block out of the macro, filter or set block");
  }

  /** Of the text {@code 👍abc}, the second to third characters. */
  private static Rendered part() {
    return new Rendered("👍abc", List.of(new Span(2, "ab")), true);
  }

  private static ChatTokens part(int[] starts, int[] ends) {
    return ChatTokens.of(part(), new Encoding(new int[starts.length], starts, ends));
  }

  @Test
  void edgesAreCodePointsForTokensAndUtf16ForText() {
    Span span = part().assistant().getFirst();
    assertThat(part().text().substring(span.start(), span.end())).isEqualTo(span.said());
    assertThat(part(new int[] {0, 1, 3}, new int[] {1, 3, 4}).assistant())
        .containsExactly(false, true, false);
    assertThat(part(new int[] {0, 0, 2, 3}, new int[] {1, 2, 3, 4}).assistant())
        .containsExactly(false, true, true, false);
  }

  @Test
  void whiteSpaceLeftOutOfOffsetsIsMarkedBetweenOthers() {
    Rendered rendered = new Rendered("a b c d", List.of(new Span(2, "b c ")), true);
    int[] starts = {0, 2, 2, 4, 4, 6, 6};
    int[] ends = {1, 2, 3, 4, 5, 6, 7};
    assertThat(ChatTokens.of(rendered, new Encoding(new int[7], starts, ends)).assistant())
        .containsExactly(false, false, true, true, true, false, false);
  }

  @Test
  void whatHasNoTokenOfItsOwnIsRefused() {
    assertThatThrownBy(() -> part(new int[] {0, 2}, new int[] {2, 4}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("code points [1, 3)");
    assertThatThrownBy(() -> part(new int[] {0}, new int[] {4})).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> part(new int[] {0, 3}, new int[] {1, 4}))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> part(new int[0], new int[0])).isInstanceOf(DataException.class);
  }

  @Test
  void halfACharacterIsRefused() {
    Rendered rendered = new Rendered("👍", List.of(new Span(1, "\udc4d")), true);
    assertThatThrownBy(() -> ChatTokens.of(rendered, TOKENIZER)).isInstanceOf(DataException.class);
  }
}
