package io.kanana.data.miniature;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules by which pages of a language are written: a rule is a list of lines, one of which is
 * drawn; in it, {@code [rule]} is expanded and {@code {slot}} filled. Immutable.
 */
final class Grammar {
  private static final Pattern PART = Pattern.compile("\\[([a-z.-]+)]|\\{([a-z.-]+)}");

  private final Language language;
  private final Map<String, List<String>> rules = new HashMap<>();

  private Grammar(Language language) {
    this.language = language;
    for (Map.Entry<String, JsonNode> rule :
        Resources.yaml("grammar-" + language.code() + ".yaml").properties()) {
      List<String> lines = new ArrayList<>();
      rule.getValue().forEach(line -> lines.add(line.asText()));
      rules.put(rule.getKey(), List.copyOf(lines));
    }
  }

  static Grammar load(Language language) {
    return new Grammar(language);
  }

  Language language() {
    return language;
  }

  Map<String, List<String>> rules() {
    return Map.copyOf(rules);
  }

  /** One text of a rule, still to be inflected with what stands around it. */
  String draft(String rule, Slots slots, Draws draws) {
    return expand("[" + rule + "]", slots, draws);
  }

  /** Several texts of a rule, no line drawn twice. */
  List<String> drafts(String rule, int count, Slots slots, Draws draws) {
    return draws.sample(lines(rule), count).stream()
        .map(line -> expand(line, slots, draws))
        .toList();
  }

  private String expand(String text, Slots slots, Draws draws) {
    StringBuilder out = new StringBuilder();
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find()) {
      out.append(text, end, part.start());
      out.append(
          part.group(1) != null
              ? expand(draws.pick(lines(part.group(1))), slots, draws)
              : slots.value(part.group(2)).in(language));
      end = part.end();
    }
    return out.append(text, end, text.length()).toString();
  }

  private List<String> lines(String rule) {
    List<String> lines = rules.get(rule);
    if (lines == null) {
      throw new IllegalArgumentException(language + " has no rule [" + rule + "]");
    }
    return lines;
  }

  /** The bare answer to a question about the fact, still to be inflected. */
  String draftAnswer(Fact fact) {
    String rule = "answer." + fact.attribute();
    String line = rules.containsKey(rule) ? rules.get(rule).getFirst() : "{answer}";
    return expand(line, new Slots().with("answer", fact.object()), new Draws(RandomKey.of(0)));
  }

  /** The bare answer as it stands after {@code Answer: }. */
  String answer(Fact fact) {
    return language.inflect(": " + draftAnswer(fact)).substring(2);
  }

  /** The first wording of the question about the fact. */
  String question(Fact fact) {
    String line = lines("ask." + fact.relation()).getFirst();
    Slots slots = new Slots().with("subject", fact.subject());
    return language.inflect(expand(line, slots, new Draws(RandomKey.of(0))));
  }
}
