package io.kanana.core.template;

import io.kanana.core.template.Value.Int;
import io.kanana.core.template.Value.Real;
import io.kanana.core.template.Value.Sequence;
import io.kanana.core.template.Value.Str;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Python's operators over the values of a template. */
final class Operators {
  private final Budget budget;

  Operators(Budget budget) {
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  static boolean truth(Value value) {
    return switch (value) {
      case Value.Undefined undefined -> {
        undefined.require();
        yield false;
      }
      case Value.None _ -> false;
      case Value.Bool flag -> flag.value();
      case Int number -> number.value().signum() != 0;
      case Real number -> number.value() != 0;
      case Str text -> !text.value().isEmpty();
      case Sequence sequence -> !sequence.items().isEmpty();
      case Value.Dict dict -> !dict.entries().isEmpty();
      case Value.View view -> !view.dict().entries().isEmpty();
      case Value.Range range -> range.length() > 0;
      case Value.Iteration _, Value.Namespace _, Value.Native _ -> true;
    };
  }

  /** The integer that a value is, or null. */
  static BigInteger integer(Value value) {
    return switch (value) {
      case Int number -> number.value();
      case Value.Bool flag -> flag.value() ? BigInteger.ONE : BigInteger.ZERO;
      default -> null;
    };
  }

  /** The number that a value is, or null. */
  static Double real(Value value) {
    if (value instanceof Real number) {
      return number.value();
    }
    BigInteger integer = integer(value);
    return integer == null ? null : (Double) integer.doubleValue();
  }

  static void requireDefined(Value value) {
    if (value instanceof Value.Undefined undefined) {
      throw Fault.failure(undefined.problem());
    }
  }

  Value binary(String operator, Value left, Value right) {
    requireDefined(left);
    requireDefined(right);
    if (left instanceof Str text && operator.equals("%")) {
      return budget.text(new PercentFormat(budget, text.value(), right).run());
    }
    BigInteger a = integer(left);
    BigInteger b = integer(right);
    if (a != null && b != null) {
      return integers(operator, a, b);
    }
    Double x = real(left);
    Double y = real(right);
    if (x != null && y != null) {
      return new Real(reals(operator, x, y));
    }
    Value sequence = sequences(operator, left, right);
    if (sequence == null) {
      throw Fault.failure(
          String.format(
              Locale.ROOT,
              "'%s' is not defined between %s and %s",
              operator,
              left.type(),
              right.type()));
    }
    return sequence;
  }

  private Value integers(String operator, BigInteger a, BigInteger b) {
    budget.product(a.bitLength(), b.bitLength());
    return switch (operator) {
      case "+" -> budget.integer(a.add(b));
      case "-" -> budget.integer(a.subtract(b));
      case "*" -> {
        budget.integerBits((long) a.bitLength() + b.bitLength() - 1);
        yield budget.integer(a.multiply(b));
      }
      case "/" -> new Real(PythonNumber.ratio(a, nonZero(b)));
      case "//" -> budget.integer(PythonNumber.floorDivide(a, nonZero(b)));
      case "%" -> budget.integer(PythonNumber.floorModulo(a, nonZero(b)));
      case "**" -> power(a, b);
      default -> throw new IllegalStateException(operator);
    };
  }

  private static BigInteger nonZero(BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw Fault.failure("division by zero");
    }
    return divisor;
  }

  private Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return new Real(reals("**", base.doubleValue(), exponent.doubleValue()));
    }
    if (base.bitLength() <= 1 && !base.equals(BigInteger.TWO.negate())) {
      return Value.of(unitPower(base.intValue(), exponent));
    }
    // a base of n bits has powers of at least (n - 1) * exponent bits
    long bits =
        exponent.bitLength() > 40 ? Long.MAX_VALUE : (base.bitLength() - 1L) * exponent.longValue();
    budget.integerBits(bits);
    budget.product(bits, bits);
    return budget.integer(base.pow(exponent.intValueExact()));
  }

  private static int unitPower(int base, BigInteger exponent) {
    if (exponent.signum() == 0) {
      return 1;
    }
    return base < 0 && !exponent.testBit(0) ? 1 : base;
  }

  private static double reals(String operator, double x, double y) {
    boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
    if ((y == 0 && divides) || (x == 0 && y < 0 && operator.equals("**"))) {
      throw Fault.failure("division by zero");
    }
    return switch (operator) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> x * y;
      case "/" -> x / y;
      case "//" -> Math.floor(x / y);
      case "%" -> PythonNumber.floorModulo(x, y);
      case "**" -> realPower(x, y);
      default -> throw new IllegalStateException(operator);
    };
  }

  private static double realPower(double x, double y) {
    if (x < 0 && y != Math.rint(y)) {
      throw Fault.failure("the power of a negative number to a fraction is not a real number");
    }
    return Math.pow(x, y);
  }

  private Value sequences(String operator, Value left, Value right) {
    if (operator.equals("+")) {
      return sum(left, right);
    }
    if (!operator.equals("*")) {
      return null;
    }
    BigInteger times = integer(right);
    return times != null ? repeat(left, times) : repeat(right, integer(left));
  }

  private Value sum(Value left, Value right) {
    if (left instanceof Str a && right instanceof Str b) {
      budget.characters((long) a.value().length() + b.value().length());
      return new Str(a.value() + b.value());
    }
    if (left instanceof Sequence a && right instanceof Sequence b && a.type().equals(b.type())) {
      List<Value> items = new ArrayList<>(a.items());
      items.addAll(b.items());
      return Sequences.of(budget, Kinds.plain(a), items);
    }
    return null;
  }

  private Value repeat(Value value, BigInteger times) {
    if (times == null) {
      return null;
    }
    long count = times.bitLength() > 40 ? times.signum() * (1L << 40) : times.longValue();
    if (value instanceof Str text) {
      return new Str(repeat(text.value(), count));
    }
    if (value instanceof Sequence sequence) {
      long size = sequence.items().size();
      budget.items(count > 0 ? count * size : 0);
      List<Value> items = new ArrayList<>();
      for (long i = 0; i < count && size > 0; i++) {
        items.addAll(sequence.items());
      }
      return new Sequence(Kinds.plain(sequence), items, sequence.levels());
    }
    return null;
  }

  /** Text so many times over, charged before it is made. */
  String repeat(String text, long times) {
    long count = Math.max(0, Math.min(times, 1L << 40));
    budget.characters(count * text.length());
    return text.isEmpty() ? "" : text.repeat((int) count);
  }

  Value negative(Value value) {
    requireDefined(value);
    return switch (value) {
      case Real number -> new Real(-number.value());
      case Int _, Value.Bool _ -> budget.integer(integer(value).negate());
      default -> throw Fault.failure("a " + value.type() + " has no negative");
    };
  }

  Value positive(Value value) {
    requireDefined(value);
    return switch (value) {
      case Real number -> number;
      case Int _, Value.Bool _ -> new Int(integer(value));
      default -> throw Fault.failure("a " + value.type() + " is not a number");
    };
  }

  boolean compare(String operator, Value left, Value right) {
    budget.step();
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      default -> ordered(operator, left, right);
    };
  }

  private boolean ordered(String operator, Value left, Value right) {
    Double x = real(left);
    Double y = real(right);
    if (x != null && y != null && (x.isNaN() || y.isNaN())) {
      return false;
    }
    int order = order(left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new IllegalStateException(operator);
    };
  }

  /** Negative, zero or positive; numbers, texts, and lists or tuples of them have an order. */
  int order(Value left, Value right) {
    budget.step();
    requireDefined(left);
    requireDefined(right);
    if (real(left) != null && real(right) != null) {
      return numberOrder(left, right);
    }
    if (left instanceof Str a && right instanceof Str b) {
      budget.scan(Math.min(a.value().length(), b.value().length()));
      return textOrder(a.value(), b.value());
    }
    if (left instanceof Sequence a && right instanceof Sequence b && a.type().equals(b.type())) {
      return itemOrder(a.items(), b.items());
    }
    throw Fault.failure(
        String.format(Locale.ROOT, "a %s and a %s have no order", left.type(), right.type()));
  }

  private static int numberOrder(Value left, Value right) {
    BigInteger a = integer(left);
    BigInteger b = integer(right);
    if (a != null && b != null) {
      return a.compareTo(b);
    }
    double x = real(left);
    double y = real(right);
    if (x == y && !Double.isInfinite(x)) {
      return exact(left, x).compareTo(exact(right, y));
    }
    return x == y ? 0 : Double.compare(x, y);
  }

  private static BigDecimal exact(Value value, double number) {
    BigInteger integer = integer(value);
    return integer == null ? new BigDecimal(number) : new BigDecimal(integer);
  }

  /** By code point, which is not the order of UTF-16 units. */
  private static int textOrder(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        return Integer.compare(codePointUnit(a.charAt(i)), codePointUnit(b.charAt(i)));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int codePointUnit(char c) {
    // surrogates stand for code points beyond all other units
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }

  private int itemOrder(List<Value> a, List<Value> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return order(a.get(i), b.get(i));
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  // what has no value to compare is equal to itself alone, as in Python
  @SuppressWarnings("ReferenceEquality")
  boolean equal(Value left, Value right) {
    budget.step();
    if (left instanceof Value.Undefined undefined) {
      undefined.require();
    }
    if (right instanceof Value.Undefined undefined) {
      undefined.require();
    }
    Double x = real(left);
    Double y = real(right);
    if (x != null && y != null) {
      return !x.isNaN() && !y.isNaN() && numberOrder(left, right) == 0;
    }
    return switch (left) {
      case Str a -> right instanceof Str b && equal(a.value(), b.value());
      case Sequence a ->
          right instanceof Sequence b && a.type().equals(b.type()) && equal(a.items(), b.items());
      case Value.Dict a -> right instanceof Value.Dict b && equal(a, b);
      case Value.Range a -> right instanceof Value.Range b && same(a, b);
      case Value.Undefined _ -> right instanceof Value.Undefined;
      case Value.None _ -> right instanceof Value.None;
      default -> left == right;
    };
  }

  private static boolean same(Value.Range a, Value.Range b) {
    return a.length() == b.length()
        && (a.length() == 0 || a.start() == b.start())
        && (a.length() <= 1 || a.step() == b.step());
  }

  private boolean equal(String a, String b) {
    if (a.length() == b.length()) {
      budget.scan(a.length());
    }
    return a.equals(b);
  }

  private boolean equal(List<Value> a, List<Value> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean equal(Value.Dict a, Value.Dict b) {
    return a.entries().size() == b.entries().size()
        && a.all().stream().allMatch(entry -> equalsEntry(entry, b));
  }

  private boolean equalsEntry(Value.Dict.Entry entry, Value.Dict other) {
    Value value = Dicts.get(other, entry.key());
    return value != null && equal(entry.value(), value);
  }

  boolean contains(Value container, Value wanted) {
    if (container instanceof Str text) {
      if (!(wanted instanceof Str part)) {
        requireDefined(wanted);
        throw Fault.failure("'in' a string wants a string, not a " + wanted.type());
      }
      budget.search(text.value(), part.value());
      return text.value().contains(part.value());
    }
    if (container instanceof Value.Dict dict) {
      return Dicts.get(dict, wanted) != null;
    }
    if (!Sequences.iterable(container)) {
      throw Fault.failure("'in' a " + container.type() + " has no meaning");
    }
    Iterator<Value> items = Sequences.iterator(budget, container);
    while (items.hasNext()) {
      if (equal(items.next(), wanted)) {
        return true;
      }
    }
    return false;
  }

  /** {@code value[start:stop:step]}; an absent bound is null. */
  Value slice(Value value, BigInteger start, BigInteger stop, BigInteger step) {
    if (step != null && step.signum() == 0) {
      throw Fault.failure("the step of a slice cannot be zero");
    }
    Long length =
        value instanceof Value.Dict || value instanceof Value.View ? null : Sequences.length(value);
    if (length == null) {
      throw Fault.failure("a " + value.type() + " has no slices");
    }
    List<Integer> places = SliceBounds.places(length.intValue(), start, stop, step);
    return switch (value) {
      case Str text -> slice(text.value(), places);
      case Sequence sequence -> Sequences.of(budget, Kinds.plain(sequence), pick(sequence, places));
      case Value.Range range -> slice(range, places, step);
      default -> throw Fault.failure("a " + value.type() + " has no slices");
    };
  }

  private Value slice(String text, List<Integer> places) {
    budget.steps(places.size() / 16 + 1);
    budget.scan(text.length());
    boolean narrow = text.length() == PythonText.length(text);
    int[] characters = narrow ? null : text.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    places.forEach(i -> out.appendCodePoint(narrow ? text.charAt(i) : characters[i]));
    return budget.text(out.toString());
  }

  private static List<Value> pick(Sequence sequence, List<Integer> places) {
    return places.stream().map(sequence.items()::get).toList();
  }

  private static Value slice(Value.Range range, List<Integer> places, BigInteger step) {
    long start = places.isEmpty() ? range.start() : range.at(places.getFirst());
    long stride = range.step() * (step == null ? 1 : step.longValue());
    return new Value.Range(start, start + stride * places.size(), stride, places.size());
  }

  /** The items of a list in their order, stable, each compared by a key made once. */
  List<Value> sorted(List<Value> items, java.util.function.UnaryOperator<Value> key, boolean down) {
    record Keyed(Value key, Value item) {}
    List<Keyed> keyed =
        new ArrayList<>(items.stream().map(i -> new Keyed(key.apply(i), i)).toList());
    java.util.Comparator<Keyed> order = (a, b) -> order(a.key(), b.key());
    keyed.sort(down ? Collections.reverseOrder(order) : order);
    return keyed.stream().map(Keyed::item).toList();
  }

  /**
   * The kind of what an operation on a sequence makes: a pair of {@code groupby} becomes a tuple.
   */
  private static final class Kinds {
    static Sequence.Kind plain(Sequence sequence) {
      return sequence.kind() == Sequence.Kind.LIST ? Sequence.Kind.LIST : Sequence.Kind.TUPLE;
    }
  }
}
