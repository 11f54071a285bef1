package io.kanana.data.parquet;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * What columns rows of JSON values need: one for each name, in the order in which names come up.
 * Lists and objects become lists and structures; whole numbers beside others become fractions;
 * where one name has values of several kinds, its column is JSON. For one thread; may be moved
 * between machines.
 */
public final class TableColumns implements Serializable {
  /** More columns than that are no table. */
  public static final int MAX = 1000;

  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Set<String> texts;

  /**
   * @param texts columns that every row has, each a text; they come first
   */
  public TableColumns(List<String> texts) {
    this.texts = Set.copyOf(texts);
    texts.forEach(name -> shapes.put(name, Shape.Scalar.TEXT));
  }

  /** Makes room for a row. */
  public void add(Map<String, Object> row) {
    row.forEach((name, value) -> shapes.merge(name, Shape.of(value), Shape::with));
  }

  /** Makes room for the rows that others were made for, which come after these. */
  public void add(TableColumns others) {
    others.shapes.forEach((name, shape) -> shapes.merge(name, shape, Shape::with));
  }

  /** How many there are; beyond {@link #MAX} they cannot be written. */
  public int count() {
    return shapes.size();
  }

  Shape.Fields shape() {
    Map<String, Shape> settled = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          if (shape != Shape.Scalar.NOTHING) {
            settled.put(name, shape.settled());
          }
        });
    return new Shape.Fields(settled);
  }

  MessageType schema() {
    List<Type> columns = new ArrayList<>();
    shape()
        .shapes()
        .forEach(
            (name, shape) ->
                columns.add(
                    type(
                        name,
                        shape,
                        texts.contains(name) ? Repetition.REQUIRED : Repetition.OPTIONAL)));
    return new MessageType("documents", columns);
  }

  private static Type type(String name, Shape shape, Repetition repetition) {
    return switch (shape) {
      case Shape.Scalar scalar -> type(name, scalar, repetition);
      case Shape.Several(Shape element) ->
          Types.list(repetition).element(type("element", element, Repetition.OPTIONAL)).named(name);
      case Shape.Fields(var fields) -> {
        List<Type> types = new ArrayList<>();
        fields.forEach((field, each) -> types.add(type(field, each, Repetition.OPTIONAL)));
        yield Types.buildGroup(repetition).addFields(types.toArray(new Type[0])).named(name);
      }
    };
  }

  private static Type type(String name, Shape.Scalar shape, Repetition repetition) {
    return switch (shape) {
      case TRUTH -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
      case WHOLE, LARGE_WHOLE -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
      case FRACTION -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
      case TEXT -> text(name, LogicalTypeAnnotation.stringType(), repetition);
      case JSON -> text(name, LogicalTypeAnnotation.jsonType(), repetition);
      case NOTHING -> throw new IllegalStateException("a column of nothing is none");
    };
  }

  private static Type text(String name, LogicalTypeAnnotation meaning, Repetition repetition) {
    return Types.primitive(PrimitiveTypeName.BINARY, repetition).as(meaning).named(name);
  }
}
