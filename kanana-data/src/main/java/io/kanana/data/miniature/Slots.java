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

  Value value(String slot) {
    Value value = bound.get(slot);
    int dot = slot.lastIndexOf('.');
    if (value == null && dot > 0) {
      String owner = slot.substring(0, dot);
      if (value(owner) instanceof Value.Reference(Entity entity)) {
        return entity.attribute(slot.substring(dot + 1));
      }
    }
    if (value == null) {
      throw new IllegalArgumentException("nothing is bound to {" + slot + "}");
    }
    return value;
  }
}
