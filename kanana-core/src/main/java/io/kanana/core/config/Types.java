package io.kanana.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What reflection says of the types that a configuration record is made of. */
final class Types {
  /** The key that chooses among the parts of most kinds. */
  static final String TYPE = "type";

  private Types() {}

  static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      default -> throw new IllegalArgumentException("no configuration holds a " + type);
    };
  }

  /** The class of a component, or of what it may hold. */
  static Class<?> bare(Type type) {
    return raw(type) == Optional.class ? raw(element(type)) : raw(type);
  }

  /** The last type argument: the element of a list or optional, the value of a map. */
  static Type element(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
    }
    throw new IllegalArgumentException("a raw " + type + " says nothing of its elements");
  }

  static boolean isOptional(Type type) {
    Class<?> raw = raw(type);
    return raw == Optional.class
        || raw == OptionalInt.class
        || raw == OptionalLong.class
        || raw == OptionalDouble.class;
  }

  static boolean isOpenPart(Class<?> raw) {
    return raw.isAnnotationPresent(ChosenBy.class)
        || (raw.isInterface() && raw != List.class && raw != Map.class);
  }

  /** Whether a section of it may be that of an {@link OpenParts.Deferred} part. */
  static boolean isDeferred(Type type) {
    return bare(type).isAnnotationPresent(ChosenBy.class);
  }

  /** The key of a section that says which part it is. */
  static String chooser(Class<?> openPart) {
    ChosenBy other = openPart.getAnnotation(ChosenBy.class);
    return other == null ? TYPE : other.value();
  }

  /** The type below {@code key}, null where the type says nothing of such a key. */
  static Type child(Type type, String key) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return child(element(type), key);
    }
    if (raw == Map.class) {
      return element(type);
    }
    if (!raw.isRecord()) {
      return null;
    }
    return Arrays.stream(raw.getRecordComponents())
        .filter(component -> Names.kebab(component.getName()).equals(key))
        .map(RecordComponent::getGenericType)
        .findFirst()
        .orElse(null);
  }

  static boolean isOneOf(Type type) {
    Class<?> raw = raw(type);
    return raw == Optional.class ? isOneOf(element(type)) : raw.isAnnotationPresent(OneOf.class);
  }
}
