package io.kanana.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.FuzzInputs;
import io.kanana.core.error.KananaException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hostile template is stopped by the name of what it uses up, and a broken one harms nothing. */
class TemplateLimitsTest {
  private static final RenderOptions OPTIONS =
      RenderOptions.at(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  private static final String MILLIONS = "{% for i in range(1500) %}{% for j in range(1000) %}";
  private static final String ENDS = "{% endfor %}{% endfor %}";

  private static String render(String source) {
    Map<String, ?> names =
        Map.of("messages", List.of(Map.of("role", "user", "content", "안녕")), "s", "x");
    return ChatTemplate.parse("t", source).render(names, OPTIONS).text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}@list items",
        "{% for a in range(99999) %}{{ ('a' * 100000).find('b' * 999) }}{% endfor %}@steps",
        "{% set x = 'a' * 1000000 %}{% for a in range(99999) %}{% if 'b' in x %}{% endif %}"
            + "{% endfor %}@steps",
        "{% set a = 3 ** 5000 %}" + MILLIONS + "{% set x = a * a %}" + ENDS + "@steps",
        "{% set a = 3 ** 9000 %}{% set b = 7 ** 2000 %}"
            + MILLIONS
            + "{% set x = a // b %}"
            + ENDS
            + "@steps",
        MILLIONS + "{% set x = 3 ** 9000 %}" + ENDS + "@steps",
        "{% set a = 3 ** 9000 %}{% set b = 7 ** 2000 %}"
            + MILLIONS
            + "{% set x = a is divisibleby(b) %}"
            + ENDS
            + "@steps",
        "{{ 'a' * 1000000000 }}@characters",
        "{{ 'a' | center(1000000000) }}@characters",
        "{{ 'a'.ljust(2000000000) }}@characters",
        "{{ 'a'.zfill(9 ** 30) }}@characters",
        "{{ '%1000000000d' % 1 }}@characters",
        "{{ '%.1000000000f' % 1 }}@digits",
        "{{ '{:>1000000000}'.format('x') }}@characters",
        "{{ range(90000) | join('x' * 90000) }}@characters",
        "{{ ('a\\n' * 10000) | indent(100000) }}@characters",
        "{% set ns = namespace(s='a') %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}"
            + "{% endfor %}@characters",
        "{% set ns = namespace(l=[0]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l }}@steps",
        "{% set ns = namespace(l=[0]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l | tojson(indent=1) | length }}@characters",
        "{{ [0] * 1000000000 }}@list items",
        "{{ range(100000) | batch(1, 0) | list | batch(90000000, 0) | list }}@list items",
        "{% set ns = namespace(l=[]) %}{% for i in range(999) %}{% set ns.l = [ns.l] %}"
            + "{% endfor %}@nests a value",
        "{{ range(100001) }}@range()",
        "{{ range(0, 10 ** 30) }}@range()",
        "{{ 9 ** 99999999 }}@bits",
        "{{ 9 ** (9 ** 81) }}@bits",
        "{% set ns = namespace(n=2) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}"
            + "{% endfor %}@bits",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}@deep",
        "{% set x = [1] %}{% for a in x recursive %}{{ loop(x) }}{% endfor %}@deep",
        "{{ namespace(_x=1) }}@cannot be named",
      })
  void stops(String source, String name) {
    assertThatThrownBy(() -> render(source.replace("\\n", "\n")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(name);
  }

  @Test
  void refusesDeepTexts() {
    Map<String, String> brackets = Map.of("(", ")", "[", "]", "{1:", "}", "-", "", "x[", "]");
    brackets.forEach(
        (open, close) ->
            assertThatThrownBy(
                    () -> render("{{ " + open.repeat(50_000) + 1 + close.repeat(50_000) + " }}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("deep"));
    assertThatThrownBy(() -> render("{% if true %}".repeat(50_000)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("deep");
    assertThatThrownBy(() -> render("{{ 1" + " + 1".repeat(50_000) + " }}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("deep");
  }

  @Test
  void depthIsRefusedBeforeASmallStackOverflows() throws InterruptedException {
    String macro = "{% macro f(x) %}{% if x %}{% for y in [1] %}{{ [f([y])] }}{% endfor %}";
    String source = macro + "{% endif %}{% endmacro %}{{ f(1) }}";
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread small =
        new Thread(
            null, () -> thrown.set(catchThrowable(() -> render(source))), "small", 512 << 10);
    small.start();
    small.join();
    assertThat(thrown.get()).isInstanceOf(CheckpointException.class).hasMessageContaining("deep");
  }

  @Test
  void aLimitIsTheCallers() {
    Limits few = new Limits(50, 1000, 1000, 100, 50, 64, 10);
    ChatTemplate template = ChatTemplate.parse("t", "{% for i in range(n) %}{{ i }}{% endfor %}");
    RenderOptions options = OPTIONS.withLimits(few);
    assertThat(template.render(Map.of("n", 3), options).text()).isEqualTo("012");
    assertThatThrownBy(() -> template.render(Map.of("n", 11), options))
        .hasMessageContaining("more than 10 numbers");
    assertThatThrownBy(() -> template.render(Map.of("n", 10), options))
        .hasMessageContaining("more than 50 steps");
  }

  @Test
  void neverReachesAnObjectOfTheHost() {
    for (String name : List.of("class", "getClass", "hashCode", "__class__", "entries", "value")) {
      assertThat(render("{{ messages." + name + " }}{{ s." + name + " }}{{ (1)." + name + " }}"))
          .isEmpty();
    }
    assertThatThrownBy(() -> render("{{ messages[0].class.forName('x') }}"))
        .isInstanceOf(KananaException.class);
  }

  /** Mutations of one template that uses most of the language. */
  @Test
  void anyMutationRendersOrIsRefused() {
    String seed =
        """
        {%- set ns = namespace(a=1, l=[1, 2.5, 'x'], d={'k': none}) -%}
        {% macro f(a, b='B') %}{{ a ~ b }}{{ varargs }}{{ kwargs | tojson }}{% endmacro %}
        {% for m in messages if m.role != 'q' recursive %}{{ loop.index }} {{ m['content'][::-1] }}
        {% if m is mapping and not m.x is defined %}{% set ns.a = ns.a * 9 ** 2 // 7 %}{% endif %}
        {% else %}none{% endfor %}{# note #}{% raw %}{{ {% endraw %}
        {{ f('%05.2f|%s' % (3.14159, s), *[1], z='{:>9}{!r:^7}'.format(1, 'a')) | upper | indent(3) }}
        {{ ns.l | map('string') | join(', ') | replace('x', 'yy') | truncate(9) | center(20) }}
        {{ [3, 1, 2] | sort(reverse=true) | batch(2, 0) | list }}{{ 'a b'.split() + ['\\u00e9'] }}
        {{ range(1, 9, 2) | select('gt', 3) | list | sum }}{{ -2.5 | round | abs }}{{ ns.d.x | d('y') }}
        {% filter lower %}{% generation %}ABC{% endgeneration %}{% endfilter %}{{ 7 if s else 8 }}
        """;
    assertThat(render(seed)).isNotEmpty();
    SplittableRandom random = new SplittableRandom(7);
    int inputs = FuzzInputs.count(6_000);
    String pieces = "{}%#()[]|.,:'\"\\-+*/~=<>! \n09aefnr_한";
    for (int i = 0; i < inputs; i++) {
      String mutated = mutate(seed, pieces, random);
      Throwable thrown = catchThrowable(() -> render(mutated));
      assertThat(thrown == null || thrown instanceof KananaException)
          .as("%s from %s", thrown, mutated)
          .isTrue();
    }
  }

  private static String mutate(String seed, String pieces, SplittableRandom random) {
    StringBuilder text = new StringBuilder(seed);
    for (int change = random.nextInt(1, 5); change > 0; change--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(1, 12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
        case 2 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
        default -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
      }
    }
    return text.toString();
  }
}
