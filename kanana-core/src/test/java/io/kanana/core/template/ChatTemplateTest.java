package io.kanana.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates over conversations, and the language group by group. */
class ChatTemplateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);
  private static final RenderOptions OPTIONS = RenderOptions.at(CLOCK);
  private static final List<ChatMessage> TALK =
      List.of(ChatMessage.user("안녕 👍"), ChatMessage.assistant(" 네. "));

  private static String render(String source) {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("s", "안녕 World");
    names.put("emoji", "a👍b");
    names.put("l", List.of(3, 1, 2));
    names.put("d", Map.of("b", 1));
    names.put("nothing", null);
    names.put("ms", List.of(Map.of("role", "user"), Map.of("role", "tool", "x", 1)));
    return ChatTemplate.parse("test", source).render(names, OPTIONS).text();
  }

  @Test
  void rendersAConversation() {
    ChatTemplate template =
        ChatTemplate.parse(
            "chat_template.jinja",
            """
            {{ bos_token }}
            {%- for m in messages %}
            <{{ m.role }}>{{ m.content | trim }}{{ eos_token }}
            {% endfor %}
            {% if add_generation_prompt %}
            <assistant>
            {%- endif %}
            """);
    RenderOptions options = OPTIONS.withSpecialTokens("^", "$").withGenerationPrompt(true);
    assertThat(template.render(TALK, options).text())
        .isEqualTo("^<user>안녕 👍$\n<assistant>네.$\n<assistant>");
  }

  @Test
  void marksWhatTheAssistantSays() {
    ChatTemplate template =
        ChatTemplate.parse(
            "t",
            "{% for m in messages %}[{% if m.role == 'assistant' %}{% generation %}{{ m.content }}"
                + "{% endgeneration %}{% else %}{{ m.content }}{% endif %}]{% endfor %}");
    Rendered rendered = template.render(TALK, OPTIONS);
    assertThat(rendered.assistant()).hasSize(1);
    Rendered.Span span = rendered.assistant().getFirst();
    assertThat(rendered.text().substring(span.start(), span.end())).isEqualTo(" 네. ");
  }

  @Test
  void takesMessagesOfEveryKindAndDropsNulls() throws Exception {
    ChatTemplate template = ChatTemplate.parse("t", "{% for m in messages %}{{ m }}{% endfor %}");
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", "user");
    map.put("content", null);
    List<Object> messages =
        Arrays.asList(
            map,
            new ObjectMapper().readTree("{\"role\":\"tool\",\"content\":[1,2.5,true,null]}"),
            ChatMessage.system("x"));
    assertThat(template.render(messages, OPTIONS).text())
        .isEqualTo(
            "{'role': 'user'}{'role': 'tool', 'content': [1, 2.5, True, None]}"
                + "{'role': 'system', 'content': 'x'}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "thinking", "reasoning"})
  void findsReasoningUnderEachOfItsNames(String key) {
    ChatTemplate template =
        ChatTemplate.parse("t", "{{ messages[0].reasoning_content }}{{ messages[0].thinking }}");
    assertThat(template.render(List.of(Map.of("role", "assistant", key, "음")), OPTIONS).text())
        .isEqualTo("음음");
  }

  @Test
  void givesTheTemplatesOwnWordsWhenItRefuses() {
    ChatTemplate template =
        ChatTemplate.parse("t", "\n{{ raise_exception('no ' ~ messages[0].role) }}");
    assertThatThrownBy(() -> template.render(TALK, OPTIONS))
        .isInstanceOf(DataException.class)
        .hasMessage("t, line 2: the chat template refuses these messages: no user")
        .cause()
        .isInstanceOf(Refusal.class)
        .hasMessage("no user");
  }

  @Test
  void refusesAnEmptyConversation() {
    assertThatThrownBy(() -> ChatTemplate.parse("t", "x").render(List.of(), OPTIONS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least one message");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{% if true %}\\n{{ x~line 2",
        "{% unknown %}~no tag named 'unknown'",
        "{% include 'f' %}~reads no file",
        "{{ 1 | nope }}~no filter named 'nope'",
        "{{ 1 is nope }}~no test named 'nope'",
        "{% for x in y %}~'else' or 'endfor'",
        "{{ 'a }}~a string is not closed",
        "{# a~a comment is not closed",
        "{% break %}~outside a loop",
        "{{ (1] }}~closes nothing",
        "{{ 01 }}~starts with no zero",
        "{% set true = 1 %}~cannot be assigned",
      })
  void namesTheLineOfATextThatIsNoTemplate(String source, String problem) {
    assertThatThrownBy(() -> ChatTemplate.parse("t", source.replace("\\n", "\n")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("t, line ")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        // operators
        "-7 // 2@-4",
        "-7 % 3@2",
        "2 ** 3 ** 2@64",
        "1 / 2@0.5",
        "10 ** 20 / 1e4@1e+16",
        "1 ~ 2 * 3@16",
        "1 < 2 < 2@False",
        "true == 1.0@True",
        "l + [4]@[3, 1, 2, 4]",
        "'ab' * 2@abab",
        "1 if false@``",
        "nothing or 'x'@x",
        // code points, not UTF-16 units
        "emoji | length@3",
        "emoji[1]@👍",
        "emoji[::-1]@b👍a",
        "emoji.find('b')@2",
        "emoji | list@['a', '👍', 'b']",
        // what there is not
        "missing@``",
        "d.missing is defined@False",
        "s.__class__@``",
        "l[9]@``",
        // text
        "' x '.strip() ~ '|'@x|",
        "'a,b,,c'.split(',')@['a', 'b', '', 'c']",
        "' a b c'.rsplit(none, 1)@[' a b', 'c']",
        "'{:>5}|{:.1f}|{!r}'.format('a', 2.25, 'q')@`    a|2.2|'q'`",
        "'%05.1f %s %x' % (2.25, none, 255)@002.2 None ff",
        "s | replace('o', '0', 1)@안녕 W0rld",
        "'a\\nb' | indent(2)@`a\n  b`",
        "`\"it's\"` @it's",
        "[\"it's\", 'a']@[\"it's\", 'a']",
        // collections
        "l | sort | join('-')@1-2-3",
        "l | map('string') | list@['3', '1', '2']",
        "ms | selectattr('x', 'defined') | map(attribute='role') | list@['tool']",
        "ms | groupby('role') | map('first') | list@['tool', 'user']",
        "l | select('odd') | list@[3, 1]",
        "range(5, 0, -2) | list@[5, 3, 1]",
        "{1: 'a', 1.0: 'b', true: 'c'}@{1: 'c'}",
        "{'b': 1, 'A': 2} | dictsort@[('A', 2), ('b', 1)]",
        // JSON
        "{'k': [1, none, '한']} | tojson@{\"k\": [1, null, \"한\"]}",
        "'한' | tojson(ensure_ascii=true)@\"\\ud55c\"",
        // time
        "strftime_now('%d %b %Y %-d %j')@05 Mar 2026 5 064",
        // numbers
        "2.5 | round@2.0",
        "'0x1f' | int(0, 16)@31",
        "1e16@1e+16",
        "0.0001@0.0001",
      })
  void evaluates(String expression, String expected) {
    assertThat(render("{{ " + expression.replace("`", "") + " }}")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ missing.x }}",
        "{{ missing() }}",
        "{{ s + 1 }}",
        "{{ 1 / 0 }}",
        "{{ 'a' < 1 }}",
        "{{ l.append(1) }}",
        "{{ d.update({}) }}",
        "{{ 'x'.getClass() }}",
        "{{ missing | tojson }}",
        "{{ '%d' % 'x' }}",
        "{{ {[1]: 2} }}",
        "{% set a, b = [1] %}",
      })
  void saysWhatDoesNotFit(String source) {
    assertThatThrownBy(() -> render(source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not fit these messages");
  }

  @Test
  void controlsWhiteSpace() {
    assertThat(render("a\n  {% if true %}\n  b\n  {% endif %}\nc\n")).isEqualTo("a\n  b\nc");
    assertThat(render("a\n  {%- if true -%}\n  b\n  {%- endif %}\nc")).isEqualTo("abc");
    assertThat(render("a {%+ if true +%}\nb{% endif %}")).isEqualTo("a \nb");
    assertThat(render("x\r\n{# note #}\r\ny\n\n")).isEqualTo("x\ny\n");
    assertThat(render("{% raw %}{{ x }}{% endraw %}")).isEqualTo("{{ x }}");
  }

  @Test
  void runsLoops() {
    assertThat(render("{% for x in l if x > 1 %}{{ loop.index }}{{ x }}{% endfor %}"))
        .isEqualTo("1322");
    assertThat(render("{% for x in l %}{% break %}{% else %}none{% endfor %}")).isEqualTo("none");
    assertThat(render("{% set x = 1 %}{% for i in l %}{% set x = 2 %}{% endfor %}{{ x }}"))
        .isEqualTo("1");
    String nested = "{% for x in [1, [2]] recursive %}{{ loop(x) if x is iterable else x }}";
    assertThat(render(nested + "{% endfor %}")).isEqualTo("12");
  }

  @Test
  void runsMacrosAndBlocks() {
    assertThat(render("{% macro f(a, b='B') %}{{ a }}{{ b }}{{ varargs }}{% endmacro %}{{ f(1) }}"))
        .isEqualTo("1B()");
    assertThat(
            render(
                "{% macro f() %}<{{ caller(1) }}>{% endmacro %}"
                    + "{% call(x) f() %}{{ x }}{% endcall %}"))
        .isEqualTo("<1>");
    assertThat(render("{% set x | upper %}a{{ 1 }}{% endset %}{{ x }}")).isEqualTo("A1");
    assertThat(render("{% filter upper %}a{% endfilter %}{% with q = 1 %}{{ q }}{% endwith %}"))
        .isEqualTo("A1");
    assertThat(
            render(
                "{% set ns = namespace(x=0) %}{% for i in l %}{% set ns.x = ns.x + i %}"
                    + "{% endfor %}{{ ns.x }}"))
        .isEqualTo("6");
  }

  @Test
  void unknownFiltersInsideAConditionMatterOnlyWhenReached() {
    assertThat(render("{% if 'nope' is filter %}{{ 1 | nope }}{% endif %}ok")).isEqualTo("ok");
    assertThat(render("{{ 1 if true else (1 | nope) }}")).isEqualTo("1");
    assertThatThrownBy(() -> render("{% if true %}{{ 1 | nope }}{% endif %}"))
        .isInstanceOf(DataException.class);
  }

  @Test
  void variablesHideTheGivenNames() {
    RenderOptions options = OPTIONS.withVariables(Map.of("tools", List.of("own")));
    assertThat(ChatTemplate.parse("t", "{{ tools }}").render(TALK, options).text())
        .isEqualTo("['own']");
    assertThat(ChatTemplate.parse("t", "{{ tools }}").render(TALK, OPTIONS).text())
        .isEqualTo("None");
  }
}
