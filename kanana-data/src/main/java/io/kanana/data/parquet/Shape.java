package io.kanana.data.parquet;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What JSON values stand in one place of all rows, and so what column holds them. */
sealed interface Shape extends Serializable {
  /** Values without parts. */
  enum Scalar implements Shape {
    /** No value but null. */
    NOTHING,
    TRUTH,
    /** Whole numbers that a double holds exactly. */
    WHOLE,
    /** Whole numbers of 64 bits. */
    LARGE_WHOLE,
    /** Numbers with a fraction, at least some of them. */
    FRACTION,
    TEXT,
    /** Values that no column of another type holds, written as JSON. */
    JSON
  }

  /** Lists. */
  record Several(Shape element) implements Shape {}

  /** Objects. */
  record Fields(Map<String, Shape> shapes) implements Shape {}

  /** An object with more names than that has keys of its own, rather than fields. */
  int MAX_FIELDS = 100;

  /** Whole numbers up to that are doubles as well. */
  long EXACT = 1L << 53;

  /** Deeper values are written as JSON. */
  int MAX_DEPTH = 8;

  /**
   * @param value {@link String}, {@link Number}, {@link Boolean}, {@link List}, {@link Map} or null
   */
  static Shape of(Object value) {
    return of(value, 0);
  }

  private static Shape of(Object value, int depth) {
    return switch (value) {
      case null -> Scalar.NOTHING;
      case Boolean _ -> Scalar.TRUTH;
      case String _ -> Scalar.TEXT;
      case Integer _ -> Scalar.WHOLE;
      case Long whole -> -EXACT <= whole && whole <= EXACT ? Scalar.WHOLE : Scalar.LARGE_WHOLE;
      case Double _ -> Scalar.FRACTION;
      case List<?> list when depth < MAX_DEPTH -> several(list, depth);
      case Map<?, ?> map when depth < MAX_DEPTH -> fields(map, depth);
      default -> Scalar.JSON;
    };
  }

  private static Shape several(List<?> list, int depth) {
    Shape element = Scalar.NOTHING;
    for (Object each : list) {
      element = element.with(of(each, depth + 1));
    }
    return new Several(element);
  }

  private static Shape fields(Map<?, ?> map, int depth) {
    if (map.size() > MAX_FIELDS) {
      return Scalar.JSON;
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    map.forEach((name, value) -> shapes.put(String.valueOf(name), of(value, depth + 1)));
    return new Fields(shapes);
  }

  /** The shape of what has one of the two. */
  default Shape with(Shape other) {
    if (equals(other) || other == Scalar.NOTHING) {
      return this;
    }
    if (this == Scalar.NOTHING) {
      return other;
    }
    if (this instanceof Several(Shape mine) && other instanceof Several(Shape theirs)) {
      return new Several(mine.with(theirs));
    }
    if (this instanceof Fields(var mine) && other instanceof Fields(var theirs)) {
      return merged(mine, theirs);
    }
    return number(this, other);
  }

  private static Shape merged(Map<String, Shape> mine, Map<String, Shape> theirs) {
    Map<String, Shape> merged = new LinkedHashMap<>(mine);
    theirs.forEach((name, shape) -> merged.merge(name, shape, Shape::with));
    return merged.size() > MAX_FIELDS ? Scalar.JSON : new Fields(merged);
  }

  private static Shape number(Shape one, Shape other) {
    List<Shape> both = List.of(one, other);
    boolean whole = both.contains(Scalar.WHOLE);
    if (whole && both.contains(Scalar.FRACTION)) {
      return Scalar.FRACTION;
    }
    return whole && both.contains(Scalar.LARGE_WHOLE) ? Scalar.LARGE_WHOLE : Scalar.JSON;
  }

  /** The same as columns can hold it: where no type was seen, it is JSON. */
  default Shape settled() {
    return switch (this) {
      case Several(Shape element) ->
          element == Scalar.NOTHING ? Scalar.JSON : new Several(element.settled());
      case Fields(var shapes) -> settled(shapes);
      case Scalar scalar -> scalar;
    };
  }

  private static Shape settled(Map<String, Shape> shapes) {
    Map<String, Shape> settled = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          if (shape != Scalar.NOTHING) {
            settled.put(name, shape.settled());
          }
        });
    return settled.isEmpty() ? Scalar.JSON : new Fields(settled);
  }
}
