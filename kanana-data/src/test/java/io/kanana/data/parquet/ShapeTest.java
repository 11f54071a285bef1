package io.kanana.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.data.parquet.Shape.Fields;
import io.kanana.data.parquet.Shape.Scalar;
import io.kanana.data.parquet.Shape.Several;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {
  /** Any JSON value. */
  static Object value(RandomKey key, int depth) {
    return switch (key.below(0, depth > 0 ? 9 : 7)) {
      case 0 -> null;
      case 1 -> key.below(1, 100);
      case 2 -> (1L << 60) + key.below(1, 100);
      case 3 -> key.below(1, 100) / 4.0;
      case 4 -> "text";
      case 5 -> true;
      case 6 -> List.of();
      case 7 -> {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < key.below(2, 3); i++) {
          list.add(value(key.child(i), depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < key.below(2, 3); i++) {
          map.put("f" + key.below(3 + i, 3), value(key.child(i), depth - 1));
        }
        yield map;
      }
    };
  }

  private static Shape shape(int i) {
    return Shape.of(value(RandomKey.of(11).child(i), 2));
  }

  @Test
  void whatHoldsTwoDoesNotDependOnWhichCameFirst() {
    for (int i = 0; i < 2000; i++) {
      Shape a = shape(i);
      Shape b = shape(i + 1);
      Shape c = shape(i + 2);
      assertThat(a.with(a)).isEqualTo(a);
      assertThat(a.with(b)).isEqualTo(b.with(a));
      assertThat(a.with(b).with(c)).isEqualTo(a.with(b.with(c)));
      assertThat(a.with(b).with(b)).isEqualTo(a.with(b));
    }
  }

  @Test
  void numbersWidenAndOthersBecomeJson() {
    assertThat(Shape.of(1).with(Shape.of(0.5))).isEqualTo(Scalar.FRACTION);
    assertThat(Shape.of(1).with(Shape.of(1L << 60))).isEqualTo(Scalar.LARGE_WHOLE);
    assertThat(Shape.of(0.5).with(Shape.of(1L << 60))).isEqualTo(Scalar.JSON);
    assertThat(Shape.of(Long.MIN_VALUE)).isEqualTo(Scalar.LARGE_WHOLE);
    assertThat(Shape.of("a").with(Shape.of(1))).isEqualTo(Scalar.JSON);
    assertThat(Shape.of(List.of(1)).with(Shape.of(List.of()))).isEqualTo(new Several(Scalar.WHOLE));
  }

  @Test
  void anObjectWithKeysOfItsOwnIsJson() {
    Map<String, Object> many = new LinkedHashMap<>();
    for (int i = 0; i <= Shape.MAX_FIELDS; i++) {
      many.put("key" + i, i);
    }
    assertThat(Shape.of(many)).isEqualTo(Scalar.JSON);
    Shape all = Scalar.NOTHING;
    for (Map.Entry<String, Object> each : many.entrySet()) {
      all = all.with(Shape.of(Map.of(each.getKey(), each.getValue())));
    }
    assertThat(all).isEqualTo(Scalar.JSON);
    Object deep = "x";
    for (int i = 0; i < 100; i++) {
      deep = List.of(deep);
    }
    Shape shape = Shape.of(deep);
    int depth = 0;
    while (shape instanceof Several(Shape element)) {
      shape = element;
      depth++;
    }
    assertThat(shape).isEqualTo(Scalar.JSON);
    assertThat(depth).isEqualTo(Shape.MAX_DEPTH);
  }

  @Test
  void whereNoTypeWasSeenColumnsAreJson() {
    assertThat(Shape.of(List.of()).settled()).isEqualTo(Scalar.JSON);
    assertThat(Shape.of(Map.of()).settled()).isEqualTo(Scalar.JSON);
    Map<String, Object> some = new LinkedHashMap<>();
    some.put("nothing", null);
    some.put("one", 1);
    assertThat(Shape.of(some).settled()).isEqualTo(new Fields(Map.of("one", Scalar.WHOLE)));
  }

  /** Whatever rows hold, their columns hold it: what was written comes back. */
  @Test
  void columnsHoldAllRows() {
    TableColumns columns = new TableColumns(List.of("id"));
    columns.add(Map.of("id", "a", "x", 1));
    Map<String, Object> second = new LinkedHashMap<>();
    second.put("id", "b");
    second.put("y", null);
    columns.add(second);
    assertThat(columns.count()).isEqualTo(3);
    assertThat(columns.schema().toString().replaceAll("\\s+", " ").strip())
        .isEqualTo("message documents { required binary id (STRING); optional int64 x; }");
  }
}
