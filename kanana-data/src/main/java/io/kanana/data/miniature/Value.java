package io.kanana.data.miniature;

/** What an attribute of an {@link Entity} says; immutable. */
public sealed interface Value {
  /** The words for it. */
  String in(Language language);

  /** A number. */
  record Quantity(long value) implements Value {
    @Override
    public String in(Language language) {
      return Long.toString(value);
    }
  }

  /** Words in both languages. */
  record Words(String korean, String english) implements Value {
    @Override
    public String in(Language language) {
      return language == Language.KOREAN ? korean : english;
    }
  }

  /** Another entity, by its name. */
  record Reference(Entity entity) implements Value {
    @Override
    public String in(Language language) {
      return entity.name().in(language);
    }
  }
}
