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
  private static final List<Line> BARE_ANSWER = List.of(Line.of("{answer}"));

  private final Language language;
  private final Map<String, List<Line>> rules = new HashMap<>();

  /** The rules {@code family.member}, by both; a page does not put names together. */
  private final Map<String, Map<String, List<Line>>> families = new HashMap<>();

  private Grammar(Language language) {
    this.language = language;
    for (Map.Entry<String, JsonNode> rule :
        Resources.yaml("grammar-" + language.code() + ".yaml").properties()) {
      List<Line> lines = new ArrayList<>();
      rule.getValue().forEach(line -> lines.add(Line.of(line.asText())));
      add(rule.getKey(), List.copyOf(lines));
    }
  }

  private void add(String rule, List<Line> lines) {
    rules.put(rule, lines);
    int dot = rule.indexOf('.');
    if (dot > 0) {
      families
          .computeIfAbsent(rule.substring(0, dot), family -> new HashMap<>())
          .put(rule.substring(dot + 1), lines);
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

  /** One text of the rule {@code family.member}. */
  String draft(String family, String member, Slots slots, Draws draws) {
    return expand(draws.pick(lines(family, member)), slots, draws);
  }

  /** Several texts of the rule {@code family.member}, no line drawn twice. */
  List<String> drafts(String family, String member, int count, Slots slots, Draws draws) {
    List<String> drafts = new ArrayList<>();
    for (Line line : draws.sample(lines(family, member), count)) {
      drafts.add(expand(line, slots, draws));
    }
    return drafts;
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
    return known(rules.get(rule), rule);
  }

  private List<Line> lines(String family, String member) {
    return known(families.getOrDefault(family, Map.of()).get(member), member);
  }

  private List<Line> known(List<Line> lines, String rule) {
    if (lines == null) {
      throw new IllegalArgumentException(language + " has no rule [" + rule + "]");
    }
    return lines;
  }

  /** The bare answer to a question about the fact, still to be inflected. */
  String draftAnswer(Fact fact) {
    Map<String, List<Line>> answers = families.getOrDefault("answer", Map.of());
    Line line = answers.getOrDefault(fact.attribute(), BARE_ANSWER).getFirst();
    return expand(line, new Slots().with("answer", fact.object()), new Draws(RandomKey.of(0)));
  }

  /** The bare answer as it stands after {@code Answer: }. */
  String answer(Fact fact) {
    return language.inflect(": " + draftAnswer(fact)).substring(2);
  }

  /** The first wording of the question about the fact. */
  String question(Fact fact) {
    Line line = lines("ask", fact.relation()).getFirst();
    Slots slots = new Slots().with("subject", fact.subject());
    return language.inflect(expand(line, slots, new Draws(RandomKey.of(0))));
  }
}
