package io.kanana.data.miniature;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules by which pages of a language are written: a rule is a list of lines, one of which is
 * drawn; in it, {@code [rule]} is expanded and {@code {slot}} filled. Immutable.
 */
final class Grammar {
  private static final Line ANSWER = Line.of("{answer}");

  private final Language language;
  private final Map<String, List<Line>> rules = new HashMap<>();

  private Grammar(Language language) {
    this.language = language;
    for (Map.Entry<String, JsonNode> rule :
        Resources.yaml("grammar-" + language.code() + ".yaml").properties()) {
      List<Line> lines = new ArrayList<>();
      rule.getValue().forEach(line -> lines.add(Line.of(line.asText())));
      rules.put(rule.getKey(), List.copyOf(lines));
    }
  }

  static Grammar load(Language language) {
    return new Grammar(language);
  }

  Language language() {
    return language;
  }

  Map<String, List<Line>> rules() {
    return Map.copyOf(rules);
  }

  /** One text of a rule, still to be inflected with what stands around it. */
  String draft(String rule, Slots slots, Draws draws) {
    return expand(draws.pick(lines(rule)), slots, draws);
  }

  /** Several texts of a rule, no line drawn twice. */
  List<String> drafts(String rule, int count, Slots slots, Draws draws) {
    return draws.sample(lines(rule), count).stream()
        .map(line -> expand(line, slots, draws))
        .toList();
  }

  private String expand(Line line, Slots slots, Draws draws) {
    StringBuilder out = new StringBuilder();
    expand(line, slots, draws, out);
    return out.toString();
  }

  private void expand(Line line, Slots slots, Draws draws, StringBuilder out) {
    for (Line.Part part : line.parts()) {
      switch (part) {
        case Line.Words words -> out.append(words.text());
        case Line.Slot slot -> out.append(slots.value(slot).in(language));
        case Line.Rule rule -> expand(draws.pick(lines(rule.name())), slots, draws, out);
      }
    }
  }

  private List<Line> lines(String rule) {
    List<Line> lines = rules.get(rule);
    if (lines == null) {
      throw new IllegalArgumentException(language + " has no rule [" + rule + "]");
    }
    return lines;
  }

  /** The bare answer to a question about the fact, still to be inflected. */
  String draftAnswer(Fact fact) {
    String rule = "answer." + fact.attribute();
    Line line = rules.containsKey(rule) ? rules.get(rule).getFirst() : ANSWER;
    return expand(line, new Slots().with("answer", fact.object()), new Draws(RandomKey.of(0)));
  }

  /** The bare answer as it stands after {@code Answer: }. */
  String answer(Fact fact) {
    return language.inflect(": " + draftAnswer(fact)).substring(2);
  }

  /** The first wording of the question about the fact. */
  String question(Fact fact) {
    Line line = lines("ask." + fact.relation()).getFirst();
    Slots slots = new Slots().with("subject", fact.subject());
    return language.inflect(expand(line, slots, new Draws(RandomKey.of(0))));
  }
}
