package io.kanana.data.miniature;

import java.util.HashMap;
import java.util.Map;

/**
 * A thing of the {@link World}: a town, a river, a character. Two entities are equal where they are
 * the same one.
 */
public final class Entity {
  private final String id;
  private final String kind;
  private final Value name;
  private final Map<String, Value> attributes = new HashMap<>();
  private final Map<String, String> relations = new HashMap<>();

  Entity(String id, String kind, Value name) {
    this.id = id;
    this.kind = kind;
    this.name = name;
  }

  /** Used while the world is made, since entities refer to one another. */
  void put(String attribute, Value value) {
    attributes.put(attribute, value);
    relations.put(attribute, kind + "." + attribute);
  }

  /** Unique in the world: {@code solmaru}. */
  public String id() {
    return id;
  }

  /** What it is one of: {@code town}. */
  public String kind() {
    return kind;
  }

  /** Its name in both languages. */
  public Value name() {
    return name;
  }

  /** What is known of it by that name; entities of a kind have the same attributes. */
  public Value attribute(String attribute) {
    Value value = attributes.get(attribute);
    if (value == null) {
      throw new IllegalArgumentException(kind + " " + id + " has no " + attribute);
    }
    return value;
  }

  /** The entity that an attribute refers to. */
  public Entity link(String attribute) {
    if (attribute(attribute) instanceof Value.Reference(Entity entity)) {
      return entity;
    }
    throw new IllegalArgumentException(attribute + " of " + id + " is not an entity");
  }

  /** The number that an attribute is. */
  public long number(String attribute) {
    if (attribute(attribute) instanceof Value.Quantity(long value)) {
      return value;
    }
    throw new IllegalArgumentException(attribute + " of " + id + " is not a number");
  }

  /** The relation that an attribute of it stands in: {@code town.river}. */
  String relation(String attribute) {
    return relations.get(attribute);
  }

  @Override
  public String toString() {
    return id;
  }
}
