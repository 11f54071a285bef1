package io.kanana.data.miniature;

import java.util.HashMap;
import java.util.Map;

/**
 * What a page's {@code {slots}} stand for. A dotted slot follows attributes: {@code
 * {hero.home.river}}; a slot that was bound whole goes first.
 */
final class Slots {
  private final Map<String, Value> bound = new HashMap<>();

  Slots with(String slot, Value value) {
    bound.put(slot, value);
    return this;
  }

  Slots with(String slot, Entity entity) {
    return with(slot, new Value.Reference(entity));
  }

  Slots with(String slot, long number) {
    return with(slot, new Value.Quantity(number));
  }

  /** Text that is already in the page's language. */
  Slots with(String slot, String text) {
    return with(slot, new Value.Words(text, text));
  }

  Value value(Line.Slot slot) {
    Value value = bound.get(slot.name());
    if (value == null
        && slot.owner() != null
        && value(slot.owner()) instanceof Value.Reference(Entity entity)) {
      return entity.attribute(slot.attribute());
    }
    if (value == null) {
      throw new IllegalArgumentException("nothing is bound to {" + slot.name() + "}");
    }
    return value;
  }
}
