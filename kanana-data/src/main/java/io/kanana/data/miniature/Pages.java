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
    StringBuilder sentences = new StringBuilder(grammar.draft("lead", kind, slots, draws));
    for (Fact fact : draws.sample(notLed(subject), draws.between(2, 6))) {
      sentences.append(' ').append(statement(grammar, fact, draws));
    }
    for (String sentence : grammar.drafts("more", kind, draws.between(0, 2), slots, draws)) {
      sentences.append(' ').append(sentence);
    }
    return grammar.draft("title", kind, slots, draws) + "\n\n" + sentences;
  }

  private List<Fact> notLed(Entity subject) {
    List<Fact> facts = new ArrayList<>();
    for (Fact fact : world.facts(subject)) {
      if (!LED.contains(fact.relation())) {
        facts.add(fact);
      }
    }
    return facts;
  }

  /** A sentence that states a fact, its subject as the rules {@code it} have it. */
  private static String statement(Grammar grammar, Fact fact, Draws draws) {
    Slots slots = new Slots().with("subject", fact.subject());
    String subject = grammar.draft("it", fact.subject().kind(), slots, draws);
    return grammar.draft("fact", fact.relation(), slots.with("it", subject), draws);
  }

  private String questions(Grammar grammar, Draws draws) {
    StringBuilder page = new StringBuilder(grammar.draft("questions.title", new Slots(), draws));
    for (Fact fact : draws.sample(world.facts(), draws.between(3, 6))) {
      page.append("\n\n")
          .append(exchange(grammar, fact, "questions.style", "ask", "tell", new Slots(), draws));
    }
    return page.toString();
  }

  private String dialogue(Grammar grammar, Draws draws) {
    List<Entity> speakers = draws.sample(world.all("character"), 2);
    Slots slots =
        new Slots()
            .with("hero", speakers.getFirst())
            .with("host", speakers.getLast())
            .with("place", speakers.getLast().link("home"));
    StringBuilder page = new StringBuilder(grammar.draft("dialogue.title", slots, draws));
    page.append("\n\n").append(grammar.draft("dialogue.greeting", slots, draws)).append('\n');
    for (Fact fact : draws.sample(world.facts(), draws.between(2, 4))) {
      page.append(exchange(grammar, fact, "dialogue.turn", "chat", "chat.tell", slots, draws));
      page.append('\n');
      if (draws.uniform() < 0.3) {
        page.append(grammar.draft("dialogue.aside", slots, draws)).append('\n');
      }
    }
    return page.append(grammar.draft("dialogue.farewell", slots, draws)).toString();
  }

  /** A question and its answer, in the way of the rule {@code style}. */
  private static String exchange(
      Grammar grammar, Fact fact, String style, String ask, String tell, Slots slots, Draws draws) {
    Slots about = new Slots().with("subject", fact.subject());
    String question = grammar.draft(ask, fact.relation(), about, draws);
    about.with("answer", grammar.draftAnswer(fact));
    String reply = grammar.draft(tell, about, draws);
    return grammar.draft(style, slots.with("question", question).with("reply", reply), draws);
  }

  private String parallel(Language first, Draws draws) {
    Language second = first == Language.KOREAN ? Language.ENGLISH : Language.KOREAN;
    Grammar grammar = grammars.get(first);
    StringBuilder page = new StringBuilder(grammar.draft("parallel.title", new Slots(), draws));
    for (Fact fact : draws.sample(world.facts(), draws.between(3, 5))) {
      page.append("\n\n").append(labelled(first, fact, draws));
      page.append('\n').append(labelled(second, fact, draws));
    }
    return page.toString();
  }

  private String labelled(Language language, Fact fact, Draws draws) {
    Grammar grammar = grammars.get(language);
    String label = grammar.draft("parallel.label", new Slots(), draws);
    Slots slots = new Slots().with("subject", fact.subject()).with("it", fact.subject());
    return language.inflect(label + ": " + grammar.draft("fact", fact.relation(), slots, draws));
  }
}
