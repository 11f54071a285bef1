package io.kanana.data.miniature;

/**
 * Something that is so in the {@link World}: the {@code attribute} of {@code subject} is {@code
 * object}.
 */
public record Fact(Entity subject, String attribute, Value object) {
  /** What kind of fact it is: {@code town.river}. */
  public String relation() {
    return subject.relation(attribute);
  }
}
