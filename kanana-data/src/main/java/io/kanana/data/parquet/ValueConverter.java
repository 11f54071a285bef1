package io.kanana.data.parquet;

import java.util.function.Consumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.PrimitiveType;

/** Makes a JSON value of a column's. What a dictionary holds is made once. */
final class ValueConverter extends PrimitiveConverter {
  private final String name;
  private final JsonValues values;
  private final Consumer<Object> out;
  private final RowSize size;
  private Binary[] entries;
  private Object[] decoded;

  /**
   * @param out takes the value; null where there is none in JSON
   * @param text whether it is text whatever it says of itself
   */
  ValueConverter(PrimitiveType type, Consumer<Object> out, RowSize size, boolean text) {
    this.name = type.getName();
    this.values = text ? JsonValues.text(type) : JsonValues.of(type);
    this.out = out;
    this.size = size;
  }

  @Override
  public boolean hasDictionarySupport() {
    return values.ofBinary() != null;
  }

  @Override
  public void setDictionary(Dictionary dictionary) {
    entries = new Binary[dictionary.getMaxId() + 1];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = dictionary.decodeToBinary(i);
    }
    decoded = new Object[entries.length];
  }

  @Override
  public void addValueFromDictionary(int id) {
    size.add(entries[id].length());
    if (!size.full()) {
      if (decoded[id] == null) {
        decoded[id] = values.ofBinary().apply(entries[id]);
      }
      give(decoded[id]);
    }
  }

  @Override
  public void addBinary(Binary value) {
    size.add(value.length());
    if (!size.full()) {
      give(values.ofBinary().apply(value));
    }
  }

  private void give(Object value) {
    if (value instanceof JsonValues.NoText) {
      size.notUtf8(name);
    } else {
      out.accept(value);
    }
  }

  @Override
  public void addInt(int value) {
    addLong(value);
  }

  @Override
  public void addLong(long value) {
    size.add(0);
    if (!size.full()) {
      out.accept(values.ofWhole().apply(value));
    }
  }

  @Override
  public void addFloat(float value) {
    addDouble(value);
  }

  @Override
  public void addDouble(double value) {
    size.add(0);
    if (!size.full()) {
      out.accept(JsonValues.finite(value));
    }
  }

  @Override
  public void addBoolean(boolean value) {
    size.add(0);
    if (!size.full()) {
      out.accept(value);
    }
  }
}
