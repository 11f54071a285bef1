package io.kanana.data.parquet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Enters rows of JSON values into columns. */
final class RowEntry {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Shape.Fields shape;
  private RecordConsumer columns;

  /**
   * @param shape that holds every row
   */
  RowEntry(Shape.Fields shape) {
    this.shape = shape;
  }

  /**
   * @param into takes the row
   */
  void enter(Map<String, Object> row, RecordConsumer into) {
    columns = into;
    columns.startMessage();
    fields(shape, row);
    columns.endMessage();
  }

  private void fields(Shape.Fields shape, Map<?, ?> values) {
    int index = 0;
    for (Map.Entry<String, Shape> field : shape.shapes().entrySet()) {
      field(field.getKey(), index++, field.getValue(), values.get(field.getKey()));
    }
  }

  private void field(String name, int index, Shape shape, Object value) {
    if (value != null) {
      columns.startField(name, index);
      value(shape, value);
      columns.endField(name, index);
    }
  }

  private void value(Shape shape, Object value) {
    switch (shape) {
      case Shape.Scalar scalar -> scalar(scalar, value);
      case Shape.Several(Shape element) -> several(element, (List<?>) value);
      case Shape.Fields fields -> {
        columns.startGroup();
        fields(fields, (Map<?, ?>) value);
        columns.endGroup();
      }
    }
  }

  private void several(Shape element, List<?> values) {
    columns.startGroup();
    if (!values.isEmpty()) {
      columns.startField("list", 0);
      for (Object value : values) {
        columns.startGroup();
        field("element", 0, element, value);
        columns.endGroup();
      }
      columns.endField("list", 0);
    }
    columns.endGroup();
  }

  private void scalar(Shape.Scalar shape, Object value) {
    switch (shape) {
      case TRUTH -> columns.addBoolean((Boolean) value);
      case WHOLE, LARGE_WHOLE -> columns.addLong(((Number) value).longValue());
      case FRACTION -> columns.addDouble(((Number) value).doubleValue());
      case TEXT -> text((String) value);
      case JSON -> text(json(value));
      case NOTHING -> throw new IllegalStateException("a column of nothing has no values");
    }
  }

  private void text(String text) {
    columns.addBinary(Binary.fromString(text));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a row has a value that JSON has not", e);
    }
  }
}
