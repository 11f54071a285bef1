package io.kanana.data.miniature;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes pages about the world. Immutable, safe for use by several threads. */
final class Pages {
  private static final List<String> SUBJECTS =
      List.of("town", "town", "town", "character", "character", "goods", "river", "mountain");

  /** What the first sentence of an encyclopedia's page has said already. */
  private static final Set<String> LED =
      Set.of("town.region", "mountain.region", "character.species", "character.home");

  private final World world;
  private final Map<Language, Grammar> grammars = new EnumMap<>(Language.class);
  private final Sums sums;
  private final Tales tales;

  Pages(World world) {
    this.world = world;
    for (Language language : Language.values()) {
      grammars.put(language, Grammar.load(language));
    }
    this.sums = new Sums(world);
    this.tales = new Tales(world);
  }

  String write(PageKind kind, Language language, Draws draws) {
    Grammar grammar = grammars.get(language);
    String draft =
        switch (kind) {
          case ENCYCLOPEDIA -> encyclopedia(grammar, draws);
          case QUESTIONS -> questions(grammar, draws);
          case DIALOGUE -> dialogue(grammar, draws);
          case ARITHMETIC -> sums.page(grammar, draws);
          case STORY -> tales.story(grammar, draws);
          case GUIDE -> tales.guide(grammar, draws);
          case LETTER -> tales.letter(grammar, draws);
          case PARALLEL -> parallel(language, draws);
        };
    return language.inflect(draft) + "\n";
  }

  private String encyclopedia(Grammar grammar, Draws draws) {
    Entity subject = draws.pick(world.all(draws.pick(SUBJECTS)));
    Slots slots = new Slots().with("subject", subject);
    String kind = subject.kind();
    List<String> sentences = new ArrayList<>();
    sentences.add(grammar.draft("lead." + kind, slots, draws));
    List<Fact> facts =
        world.facts(subject).stream().filter(f -> !LED.contains(f.relation())).toList();
    for (Fact fact : draws.sample(facts, draws.between(2, 6))) {
      sentences.add(statement(grammar, fact, "it." + kind, draws));
    }
    sentences.addAll(grammar.drafts("more." + kind, draws.between(0, 2), slots, draws));
    return grammar.draft("title." + kind, slots, draws) + "\n\n" + String.join(" ", sentences);
  }

  /** A sentence that states a fact, its subject as the rule {@code it} has it. */
  private static String statement(Grammar grammar, Fact fact, String it, Draws draws) {
    Slots slots = new Slots().with("subject", fact.subject());
    String subject = grammar.draft(it, slots, draws);
    return grammar.draft("fact." + fact.relation(), slots.with("it", subject), draws);
  }

  private String questions(Grammar grammar, Draws draws) {
    List<String> parts = new ArrayList<>();
    parts.add(grammar.draft("questions.title", new Slots(), draws));
    for (Fact fact : draws.sample(world.facts(), draws.between(3, 6))) {
      parts.add(exchange(grammar, fact, "questions.style", "ask.", "tell", new Slots(), draws));
    }
    return String.join("\n\n", parts);
  }

  private String dialogue(Grammar grammar, Draws draws) {
    List<Entity> speakers = draws.sample(world.all("character"), 2);
    Slots slots =
        new Slots()
            .with("hero", speakers.getFirst())
            .with("host", speakers.getLast())
            .with("place", speakers.getLast().link("home"));
    List<String> lines = new ArrayList<>();
    lines.add(grammar.draft("dialogue.title", slots, draws) + "\n");
    lines.add(grammar.draft("dialogue.greeting", slots, draws));
    for (Fact fact : draws.sample(world.facts(), draws.between(2, 4))) {
      lines.add(exchange(grammar, fact, "dialogue.turn", "chat.", "chat.tell", slots, draws));
      if (draws.uniform() < 0.3) {
        lines.add(grammar.draft("dialogue.aside", slots, draws));
      }
    }
    lines.add(grammar.draft("dialogue.farewell", slots, draws));
    return String.join("\n", lines);
  }

  /** A question and its answer, in the way of the rule {@code style}. */
  private static String exchange(
      Grammar grammar, Fact fact, String style, String ask, String tell, Slots slots, Draws draws) {
    Slots about = new Slots().with("subject", fact.subject());
    String question = grammar.draft(ask + fact.relation(), about, draws);
    about.with("answer", grammar.draftAnswer(fact));
    String reply = grammar.draft(tell, about, draws);
    return grammar.draft(style, slots.with("question", question).with("reply", reply), draws);
  }

  private String parallel(Language first, Draws draws) {
    Language second = first == Language.KOREAN ? Language.ENGLISH : Language.KOREAN;
    List<String> parts = new ArrayList<>();
    parts.add(grammars.get(first).draft("parallel.title", new Slots(), draws));
    for (Fact fact : draws.sample(world.facts(), draws.between(3, 5))) {
      parts.add(labelled(first, fact, draws) + "\n" + labelled(second, fact, draws));
    }
    return String.join("\n\n", parts);
  }

  private String labelled(Language language, Fact fact, Draws draws) {
    Grammar grammar = grammars.get(language);
    String label = grammar.draft("parallel.label", new Slots(), draws);
    Slots slots = new Slots().with("subject", fact.subject()).with("it", fact.subject());
    return language.inflect(label + ": " + grammar.draft("fact." + fact.relation(), slots, draws));
  }
}
