package io.kanana.data.parquet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * Makes rows of values: groups become {@link Map}s, lists and maps by the rules of the format's
 * LogicalTypes.md, those for files of older writers included.
 */
final class RowAssembly extends RecordMaterializer<ParquetRow> {
  private final RowSize size;
  private final Struct root;
  private Map<String, Object> fields;

  /**
   * @param texts columns that are text whatever they say of themselves
   */
  RowAssembly(MessageType schema, Set<String> texts, long maxBytes, Toll toll) {
    this.size = new RowSize(maxBytes, toll);
    this.root = new Struct(schema, row -> fields = row, texts);
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  @Override
  public ParquetRow getCurrentRecord() {
    return new ParquetRow(fields, size.take(), size.takeNotUtf8());
  }

  private Converter converter(Type type, Consumer<Object> out, boolean text) {
    if (type.isPrimitive()) {
      return new ValueConverter(type.asPrimitiveType(), out, size, text);
    }
    GroupType group = type.asGroupType();
    var meaning = group.getLogicalTypeAnnotation();
    if (meaning instanceof ListLogicalTypeAnnotation && isList(group)) {
      return new Elements(group, out);
    }
    boolean map = meaning instanceof MapLogicalTypeAnnotation && isMap(group);
    return map ? new Entries(group, out) : new Struct(group, out::accept, Set.of());
  }

  private static boolean isList(GroupType group) {
    return group.getFieldCount() == 1 && group.getType(0).isRepetition(Repetition.REPEATED);
  }

  private static boolean isMap(GroupType group) {
    return isList(group)
        && !group.getType(0).isPrimitive()
        && group.getType(0).asGroupType().getFieldCount() == 2;
  }

  /** A group with a value for each of its fields. */
  private final class Struct extends GroupConverter {
    private final Consumer<Map<String, Object>> out;
    private final Converter[] fields;
    private Map<String, Object> values;

    Struct(GroupType group, Consumer<Map<String, Object>> out, Set<String> texts) {
      this.out = out;
      this.fields = new Converter[group.getFieldCount()];
      for (int i = 0; i < fields.length; i++) {
        Type field = group.getType(i);
        String name = field.getName();
        Consumer<Object> place =
            field.isRepetition(Repetition.REPEATED)
                ? value -> several(name).add(value)
                : value -> put(name, value);
        fields[i] = converter(field, place, texts.contains(name));
      }
    }

    private void put(String name, Object value) {
      if (value != null) {
        values.put(name, value);
      }
    }

    /** What repeats without being called a list. */
    private List<Object> several(String name) {
      List<Object> list = new ArrayList<>();
      return values.putIfAbsent(name, list) instanceof List<?> there ? objects(there) : list;
    }

    @SuppressWarnings("unchecked") // a list of ours
    private static List<Object> objects(List<?> list) {
      return (List<Object>) list;
    }

    @Override
    public Converter getConverter(int field) {
      return fields[field];
    }

    @Override
    public void start() {
      size.add(0);
      values = new LinkedHashMap<>();
    }

    @Override
    public void end() {
      out.accept(values);
    }
  }

  /** A list: a group around what repeats, which is the element or a group around it. */
  private final class Elements extends GroupConverter {
    private final Consumer<Object> out;
    private final Converter repeated;
    private List<Object> values;

    Elements(GroupType list, Consumer<Object> out) {
      this.out = out;
      Type element = list.getType(0);
      this.repeated =
          isElement(element, list)
              ? converter(element, this::add, false)
              : new Wrapped(element.asGroupType(), this::add);
    }

    private static boolean isElement(Type repeated, GroupType list) {
      return repeated.isPrimitive()
          || repeated.asGroupType().getFieldCount() > 1
          || repeated.asGroupType().getType(0).isRepetition(Repetition.REPEATED)
          || repeated.getName().equals("array")
          || repeated.getName().equals(list.getName() + "_tuple");
    }

    private void add(Object value) {
      if (!size.full()) {
        values.add(value);
      }
    }

    @Override
    public Converter getConverter(int field) {
      return repeated;
    }

    @Override
    public void start() {
      values = new ArrayList<>();
    }

    @Override
    public void end() {
      out.accept(values);
    }
  }

  /** A group around an element, so that it can be null. */
  private final class Wrapped extends GroupConverter {
    private final Consumer<Object> out;
    private final Converter element;
    private Object value;

    Wrapped(GroupType group, Consumer<Object> out) {
      this.out = out;
      this.element = converter(group.getType(0), given -> value = given, false);
    }

    @Override
    public Converter getConverter(int field) {
      return element;
    }

    @Override
    public void start() {
      size.add(0);
      value = null;
    }

    @Override
    public void end() {
      out.accept(value);
    }
  }

  /** A map: an object, with keys as texts. */
  private final class Entries extends GroupConverter {
    private final Consumer<Object> out;
    private final GroupConverter entry;
    private Map<String, Object> values;

    Entries(GroupType map, Consumer<Object> out) {
      this.out = out;
      this.entry = new Entry(map.getType(0).asGroupType(), this::put);
    }

    private void put(Object key, Object value) {
      if (!size.full()) {
        values.put(String.valueOf(key), value);
      }
    }

    @Override
    public Converter getConverter(int field) {
      return entry;
    }

    @Override
    public void start() {
      values = new LinkedHashMap<>();
    }

    @Override
    public void end() {
      out.accept(values);
    }
  }

  private interface Put {
    void put(Object key, Object value);
  }

  private final class Entry extends GroupConverter {
    private final Put out;
    private final Converter[] fields;
    private Object key;
    private Object value;

    Entry(GroupType entry, Put out) {
      this.out = out;
      this.fields =
          new Converter[] {
            converter(entry.getType(0), given -> key = given, false),
            converter(entry.getType(1), given -> value = given, false)
          };
    }

    @Override
    public Converter getConverter(int field) {
      return fields[field];
    }

    @Override
    public void start() {
      size.add(0);
      key = null;
      value = null;
    }

    @Override
    public void end() {
      out.put(key, value);
    }
  }
}
