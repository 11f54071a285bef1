package io.kanana.data.miniature;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableList;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one world that every page of the miniature web is about: towns, roads, rivers, mountains,
 * goods and their prices, and the animals who live there. Invented, fixed, and the same for every
 * seed, so that what a model learned of it can be asked. Immutable.
 */
public final class World {
  /** The relations that pages state and questions ask. */
  private static final Map<String, List<String>> RELATIONS = new LinkedHashMap<>();

  static {
    RELATIONS.put(
        "town",
        List.of(
            "region",
            "river",
            "population",
            "founded",
            "speciality",
            "market-day",
            "landmark",
            "festival"));
    RELATIONS.put("river", List.of("length", "source"));
    RELATIONS.put("mountain", List.of("height", "region"));
    RELATIONS.put("character", List.of("species", "home", "job", "favourite", "friend"));
    RELATIONS.put("goods", List.of("price", "season"));
    RELATIONS.put("road", List.of("distance"));
  }

  private final Map<String, Entity> entities = new LinkedHashMap<>();
  private final Map<String, List<Entity>> kinds = new LinkedHashMap<>();
  private final List<Fact> facts;
  private final Map<Entity, List<Fact>> factsBySubject;
  private final Map<Entity, Entity> residents;
  private final Map<Entity, List<Entity>> roadsByStart;

  private World(ObjectNode tree) {
    tree.properties()
        .forEach(kind -> kind.getValue().properties().forEach(e -> add(kind.getKey(), e)));
    tree.properties().forEach(kind -> kind.getValue().properties().forEach(this::describe));
    addWaysBack();
    kinds.replaceAll((kind, all) -> List.copyOf(all));
    this.facts = collectFacts();
    this.factsBySubject = facts.stream().collect(groupingBy(Fact::subject, toUnmodifiableList()));
    this.residents =
        all("character").stream()
            .collect(toUnmodifiableMap(c -> c.link("home"), c -> c, (first, other) -> first));
    this.roadsByStart =
        all("road").stream().collect(groupingBy(r -> r.link("from"), toUnmodifiableList()));
  }

  /** Reads the world, which is part of the program. */
  public static World load() {
    return new World(Resources.yaml("world.yaml"));
  }

  private void add(String kind, Map.Entry<String, JsonNode> entry) {
    Entity entity = new Entity(entry.getKey(), kind, words(entry.getValue()));
    if (entities.put(entity.id(), entity) != null) {
      throw new IllegalStateException("two entities are called " + entity.id());
    }
    kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(entity);
  }

  private static Value words(JsonNode node) {
    return new Value.Words(node.path("ko").asText(), node.path("en").asText());
  }

  private void describe(Map.Entry<String, JsonNode> entry) {
    Entity entity = entities.get(entry.getKey());
    for (Map.Entry<String, JsonNode> attribute : entry.getValue().properties()) {
      if (!attribute.getKey().matches("ko|en")) {
        entity.put(attribute.getKey(), value(attribute.getValue()));
      }
    }
  }

  private Value value(JsonNode node) {
    if (node.isNumber()) {
      return new Value.Quantity(node.longValue());
    }
    return node.isObject() ? words(node) : new Value.Reference(entity(node.asText()));
  }

  /** Every road leads both ways. */
  private void addWaysBack() {
    for (Entity road : List.copyOf(kinds.get("road"))) {
      Entity back = new Entity(road.id() + "-back", "road", road.name());
      back.put("from", road.attribute("to"));
      back.put("to", road.attribute("from"));
      back.put("distance", road.attribute("distance"));
      entities.put(back.id(), back);
      kinds.get("road").add(back);
    }
  }

  private List<Fact> collectFacts() {
    List<Fact> found = new ArrayList<>();
    RELATIONS.forEach(
        (kind, attributes) ->
            all(kind).forEach(e -> attributes.forEach(a -> found.add(fact(e, a)))));
    return List.copyOf(found);
  }

  private static Fact fact(Entity subject, String attribute) {
    return new Fact(subject, attribute, subject.attribute(attribute));
  }

  /** The entity of that id. */
  public Entity entity(String id) {
    Entity entity = entities.get(id);
    if (entity == null) {
      throw new IllegalArgumentException("there is no " + id + " in this world");
    }
    return entity;
  }

  /** Every entity of a kind. */
  public List<Entity> all(String kind) {
    return kinds.get(kind);
  }

  /** Everything that can be asked. */
  public List<Fact> facts() {
    return facts;
  }

  /** What can be asked about one entity. */
  public List<Fact> facts(Entity subject) {
    return factsBySubject.getOrDefault(subject, List.of());
  }

  /** The character who lives in a town; every town has one. */
  public Entity resident(Entity town) {
    return Optional.ofNullable(residents.get(town)).orElseThrow();
  }

  /** The roads that leave a town. */
  public List<Entity> roadsFrom(Entity town) {
    return roadsByStart.getOrDefault(town, List.of());
  }

  /** One question for every fact, worded as pages word it. */
  public List<Question> questions(Language language) {
    Grammar grammar = Grammar.load(language);
    Map<String, List<String>> choices = new LinkedHashMap<>();
    for (Fact fact : facts) {
      choices.computeIfAbsent(fact.relation(), r -> new ArrayList<>()).add(grammar.answer(fact));
    }
    return facts.stream()
        .map(fact -> question(grammar, fact, choices.get(fact.relation())))
        .toList();
  }

  private static Question question(Grammar grammar, Fact fact, List<String> choices) {
    return new Question(
        fact,
        grammar.language(),
        grammar.question(fact),
        grammar.answer(fact),
        Arrays.asList(choices.stream().distinct().sorted().toArray(String[]::new)));
  }
}
