package io.kanana.posttrain.conversation;

import static io.kanana.posttrain.conversation.SmallFormats.talk;
import static io.kanana.posttrain.conversation.SmallFormats.turns;
import static io.kanana.posttrain.conversation.SmallFormats.unmarked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.posttrain.conversation.ConversationTokens.Turn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are trained on, with marks in the template and without, and what is refused. */
class ChatFormatTest {
  private static final Conversation TOOLS =
      SmallFormats.conversation(
          List.of(
              Message.of(Role.SYSTEM, "짧게."),
              Message.of(Role.USER, "날씨?"),
              Message.calling(
                  "",
                  List.of(
                      new ToolCall(Optional.of("a"), "w", Map.of("x", 1)),
                      new ToolCall(Optional.of("b"), "w", Map.of("x", "서울")))),
              Message.of(Role.TOOL, "맑음"),
              Message.of(Role.TOOL, "흐림"),
              Message.of(Role.ASSISTANT, " 맑아요. "),
              Message.of(Role.USER, "고마워")),
          List.of(new Tool("w", Map.of("name", "w"))));

  @Test
  void chatMl() throws BadConversationException {
    ConversationTokens tokens = SmallFormats.builtIn(BuiltInTemplate.CHATML).tokens(TOOLS);
    assertThat(SmallFormats.TOKENIZER.decode(tokens.ids(), false))
        .isEqualTo(
            """
            <|begin_of_text|><|im_start|>system
            짧게.

            These functions may be called:
            <tools>
            {"type": "function", "function": {"name": "w"}}
            </tools>
            A call is written as one JSON object:
            <tool_call>
            {"name": NAME, "arguments": OBJECT}
            </tool_call><|im_end|>
            <|im_start|>user
            날씨?<|im_end|>
            <|im_start|>assistant
            <tool_call>
            {"name": "w", "arguments": {"x": 1}}
            </tool_call>
            <tool_call>
            {"name": "w", "arguments": {"x": "서울"}}
            </tool_call><|im_end|>
            <|im_start|>tool
            <tool_response>
            맑음
            </tool_response><|im_end|>
            <|im_start|>tool
            <tool_response>
            흐림
            </tool_response><|im_end|>
            <|im_start|>assistant
            맑아요.<|im_end|>
            <|im_start|>user
            고마워<|im_end|>
            """);
    assertThat(turns(tokens))
        .containsExactly(
            """
            <tool_call>
            {"name": "w", "arguments": {"x": 1}}
            </tool_call>
            <tool_call>
            {"name": "w", "arguments": {"x": "서울"}}
            </tool_call><|im_end|>""",
            "맑아요.<|im_end|>");
  }

  @Test
  void llama3() throws BadConversationException {
    ConversationTokens tokens = SmallFormats.builtIn(BuiltInTemplate.LLAMA_3).tokens(TOOLS);
    assertThat(SmallFormats.TOKENIZER.decode(tokens.ids(), false))
        .isEqualTo(
            """
            <|begin_of_text|><|start_header_id|>system<|end_header_id|>

            짧게.

            You may call these functions. To call one, answer with a JSON object {"name": NAME, "parameters": OBJECT}, and with one per line to call several.

            {"type": "function", "function": {"name": "w"}}<|eot_id|><|start_header_id|>user<|end_header_id|>

            날씨?<|eot_id|><|start_header_id|>assistant<|end_header_id|>

            {"name": "w", "parameters": {"x": 1}}
            {"name": "w", "parameters": {"x": "서울"}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>

            맑음<|eot_id|><|start_header_id|>ipython<|end_header_id|>

            흐림<|eot_id|><|start_header_id|>assistant<|end_header_id|>

            맑아요.<|eot_id|><|start_header_id|>user<|end_header_id|>

            고마워<|eot_id|>""");
    assertThat(turns(tokens))
        .containsExactly(
            """
            {"name": "w", "parameters": {"x": 1}}
            {"name": "w", "parameters": {"x": "서울"}}<|eot_id|>""",
            "맑아요.<|eot_id|>");
  }

  @Test
  void plain() throws BadConversationException {
    ChatFormat format = SmallFormats.builtIn(BuiltInTemplate.PLAIN);
    ConversationTokens tokens =
        format.tokens(
            SmallFormats.conversation(
                List.of(
                    Message.of(Role.SYSTEM, "짧게."),
                    Message.of(Role.USER, "날씨? "),
                    Message.of(Role.ASSISTANT, " 맑아요. "),
                    Message.of(Role.USER, "고마워"),
                    Message.of(Role.ASSISTANT, "네.")),
                List.of()));
    assertThat(SmallFormats.TOKENIZER.decode(tokens.ids(), false))
        .isEqualTo(
            """
            <|begin_of_text|>짧게.

            Question: 날씨?
            Answer: 맑아요.<|end_of_text|>
            Question: 고마워
            Answer: 네.<|end_of_text|>
            """);
    assertThat(turns(tokens)).containsExactly(" 맑아요.<|end_of_text|>", " 네.<|end_of_text|>");
  }

  @Test
  void plainHasNoFunctions() {
    ChatFormat format = SmallFormats.builtIn(BuiltInTemplate.PLAIN);
    assertThatThrownBy(() -> format.tokens(TOOLS))
        .isInstanceOf(BadConversationException.class)
        .hasMessageContaining("the template plain has no functions");
  }

  @ParameterizedTest
  @EnumSource(BuiltInTemplate.class)
  void withoutMarksTheSameTokensAreFoundFromTheTree(BuiltInTemplate template)
      throws BadConversationException {
    String text = unmarked(template.text());
    assertThat(text).isNotEqualTo(template.text()).doesNotContain("generation %}");
    List<Conversation> talks =
        new ArrayList<>(List.of(talk("hello", "안녕 hello", "user", "👍"), talk("a", "b")));
    if (template != BuiltInTemplate.PLAIN) {
      talks.add(TOOLS);
    }
    for (Conversation talk : talks) {
      ConversationTokens marked = SmallFormats.builtIn(template).tokens(talk);
      ConversationTokens found = SmallFormats.of(text).tokens(talk);
      assertThat(found.ids()).isEqualTo(marked.ids());
      assertThat(found.turns()).isEqualTo(marked.turns()).isNotEmpty();
    }
  }

  @Test
  void bytesAreThoseOfWhatIsSaid() throws BadConversationException {
    ConversationTokens tokens =
        SmallFormats.builtIn(BuiltInTemplate.CHATML).tokens(talk("안녕", "안녕 👍 hé", "a", "b"));
    assertThat(tokens.turns().getFirst().textBytes())
        .isEqualTo("안녕 👍 hé".getBytes(StandardCharsets.UTF_8).length);
    assertThat(tokens.textBytes()).isEqualTo(tokens.turns().getFirst().textBytes() + 1);
    boolean[] trained = tokens.trained();
    int count = 0;
    for (boolean one : trained) {
      count += one ? 1 : 0;
    }
    assertThat(count).isEqualTo(tokens.targets()).isLessThan(trained.length);
  }

  @Test
  void whatDoesNotFitIsCutBehindATurn() throws BadConversationException {
    ConversationTokens tokens =
        SmallFormats.builtIn(BuiltInTemplate.CHATML).tokens(talk("a", "b", "c", "d", "e"));
    Turn first = tokens.turns().get(0);
    Turn second = tokens.turns().get(1);
    assertThat(tokens.ids().length).isGreaterThan(second.to());
    assertThat(tokens.within(1000).ids()).hasSize(second.to());
    assertThat(tokens.within(second.to()).turns()).containsExactly(first, second);
    ConversationTokens cut = tokens.within(second.to() - 1);
    assertThat(cut.turns()).containsExactly(first);
    assertThat(cut.ids()).hasSize(first.to());
    assertThat(tokens.within(first.to() - 1).turns()).isEmpty();
  }

  @Test
  void aPromptEndsWhereTheAssistantSpeaks() throws BadConversationException {
    ChatFormat format = SmallFormats.builtIn(BuiltInTemplate.CHATML);
    Conversation talk = talk("a", "b");
    int[] prompt = format.prompt(talk, 1);
    ConversationTokens whole = format.tokens(talk);
    assertThat(prompt).hasSize(whole.turns().getFirst().from());
    assertThat(whole.ids()).startsWith(prompt);
  }

  private static final String PLAIN =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  private static BadConversationException bad(String template, Conversation talk) {
    return catchThrowableOfType(
        BadConversationException.class, () -> SmallFormats.of(template).tokens(talk));
  }

  @Test
  void aTokenOverTheBeginningOfAnAnswerCostsItsConversation() {
    // "user" is one token
    String joining =
        "{% for m in messages %}<|im_start|>us{{ m.content }}<|im_end|>{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>us{% endif %}";
    BadConversationException bad = bad(joining, talk("a", "er"));
    assertThat(bad.reason()).isEqualTo("no-token-boundary");
    assertThat(bad.detail()).contains("reaches over the beginning of what the assistant says, 'er");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a <|im_end|> b", "<|end_of_text|>", "x<|im_start|>assistant"})
  void aTextThatSpellsASpecialTokenCostsItsConversation(String text) {
    assertThat(bad(PLAIN, talk(text, "b")).reason()).isEqualTo("special-token-in-text");
    assertThat(bad(PLAIN, talk("a", text)).reason()).isEqualTo("special-token-in-text");
  }

  @Test
  void aTemplateThatRaisesCostsTheConversation() {
    BadConversationException bad = bad("{{ raise_exception('no tools here') }}", talk("a", "b"));
    assertThat(bad.reason()).isEqualTo("template-refuses");
    assertThat(bad.detail()).contains("no tools here");
    assertThat(bad("{{ messages[0].content + 1 }}", talk("a", "b")).reason())
        .isEqualTo("template-does-not-fit");
  }

  private static void assertRefused(String template, Conversation talk, String message) {
    assertThatThrownBy(() -> SmallFormats.of(template).tokens(talk))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aTemplateThatLoopsEndsTheRun() {
    String loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    assertRefused(loops, talk("a", "b"), "is stopped");
  }

  @Test
  void aTemplateThatForgetsHowItWroteAnAnswerEndsTheRun() {
    String forgetful = PLAIN.replace("{{ m.content }}", "{{ m.content if loop.last else '-' }}");
    assertRefused(
        forgetful,
        talk("a", "b", "c", "d"),
        "message 2 of 4, of the assistant, begins otherwise than its generation prompt says");
    String last =
        PLAIN.replace(
            "{{ m.content }}",
            "{{ m.content if loop.last or m.role == 'user' else m.content | upper }}");
    assertRefused(
        last,
        talk("a", "b", "c", "d"),
        "message 2 of 4, of the assistant, is written otherwise when more messages follow");
  }

  @Test
  void aTemplateWithoutAPromptToAnswerEndsTheRun() {
    String mute = PLAIN.replace("<|im_start|>assistant\n{% endif %}", "=>{% endif %}");
    assertRefused(mute, talk("a", "b"), "begins otherwise than its generation prompt says");
  }

  @Test
  void aTurnMustEndWithASpecialToken() {
    String endless = PLAIN.replace("<|im_end|>", "");
    assertRefused(endless, talk("a", "b"), "would never stop");
    String trailing = PLAIN.replace("<|im_end|>", "<|im_end|>!");
    assertRefused(trailing, talk("a", "b"), "writes '! ' after the special token");
    String outside =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' %}{%"
            + " generation %}{{ m.content }}{% endgeneration %}{% endif %}<|im_end|>{% endfor %}";
    assertRefused(outside, talk("a", "b"), "would never stop");
  }

  @Test
  void nothingButTheAssistantIsMarked() {
    String all =
        "{% for m in messages %}<|im_start|>{% generation %}{{ m.content }}<|im_end|>{%"
            + " endgeneration %}\n{% endfor %}";
    assertRefused(all, talk("a", "b"), "marks 2 texts as said by the assistant");
    String nothing =
        "{% for m in messages %}{{ m.content }}{% endfor %}{% generation %}{% endgeneration %}";
    assertThat(bad(nothing, talk("a", "b")).reason()).isEqualTo("nothing-trained-on");
    assertThat(bad(nothing, talk("a")).reason()).isEqualTo("no-assistant-message");
  }

  @Test
  void aTokenizerWithoutTheTokensIsRefused() {
    assertThatThrownBy(
            () ->
                ChatFormat.of(
                    BuiltInTemplate.LLAMA_3,
                    SmallFormats.tokenizer(SmallFormats.SPECIALS.subList(0, 5)),
                    SmallFormats.CONFIG))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "llama-3 needs the special tokens [<|end_header_id|>, <|eot_id|>], which the tokenizer"
                + " lacks; name them in special-tokens of type: train-bpe");
  }

  @Test
  void plainNeedsATokenThatEndsDocuments() {
    TokenizerConfig without = TokenizerConfig.empty();
    assertThatThrownBy(() -> ChatFormat.of(BuiltInTemplate.PLAIN, SmallFormats.TOKENIZER, without))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plain ends an answer with the token that ends documents");
  }

  @Test
  void aModelsOwnTemplateOrOneOfOurs(@TempDir Path directory) {
    Tokenizers.save(SmallFormats.TOKENIZER, SmallFormats.CONFIG, directory);
    assertThatThrownBy(() -> ChatFormat.open(directory, Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be one of [llama-3, chatml, plain], since");
    ChatFormat ours = ChatFormat.open(directory, Optional.of(BuiltInTemplate.CHATML));
    Tokenizers.save(ours.tokenizer(), ours.config(), directory);
    ChatFormat own = ChatFormat.open(directory, Optional.empty());
    assertThat(own.config().chatTemplate()).contains(BuiltInTemplate.CHATML.text());
    assertThat(own.fingerprint()).isEqualTo(ours.fingerprint()).hasSize(32);
    assertThat(ChatFormat.open(directory, Optional.of(BuiltInTemplate.LLAMA_3)).fingerprint())
        .isNotEqualTo(ours.fingerprint());
    assertThat(TokenizerConfig.of(SmallFormats.TOKENIZER).chatTemplate()).isEmpty();
  }
}
