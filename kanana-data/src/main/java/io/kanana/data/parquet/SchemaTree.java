package io.kanana.data.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Makes a schema of the list that a file keeps it as: depth first, with the number of children. */
final class SchemaTree {
  /** Deeper ones would exhaust the stack; what people nest is a handful of levels. */
  static final int MAX_DEPTH = 32;

  static final int MAX_COLUMNS = 4096;

  /** Assembling rows takes tables of levels squared for each level of each column. */
  private static final long MAX_WORK = 1L << 20;

  private final List<SchemaElement> elements;
  private int taken;

  private SchemaTree(List<SchemaElement> elements) {
    this.elements = elements;
  }

  static MessageType of(List<SchemaElement> elements) throws IOException {
    SchemaTree tree = new SchemaTree(elements);
    SchemaElement root = tree.take();
    MessageType schema = new MessageType(root.getName(), tree.children(root, 1));
    if (tree.taken < elements.size()) {
      throw new IOException("its schema has more elements than its root");
    }
    checkSize(schema);
    return schema;
  }

  private static void checkSize(MessageType schema) throws IOException {
    long work =
        schema.getColumns().stream()
            .mapToLong(
                column ->
                    (long) column.getPath().length
                        * (column.getMaxDefinitionLevel() + 1)
                        * (column.getMaxRepetitionLevel() + 1))
            .sum();
    if (schema.getColumns().size() > MAX_COLUMNS || work > MAX_WORK) {
      throw new IOException(
          "its schema has "
              + schema.getColumns().size()
              + " columns; at most "
              + MAX_COLUMNS
              + " are read, fewer where they are deeply nested");
    }
  }

  private SchemaElement take() throws IOException {
    if (taken == elements.size()) {
      throw new IOException("its schema ends too early");
    }
    return elements.get(taken++);
  }

  private List<Type> children(SchemaElement group, int depth) throws IOException {
    int count = group.getNum_children();
    if (count <= 0 || count > elements.size() - taken || depth > MAX_DEPTH) {
      throw new IOException(
          count > 0 && depth > MAX_DEPTH
              ? "its schema is nested deeper than " + MAX_DEPTH
              : "its schema has a group without columns");
    }
    List<Type> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      children.add(type(take(), depth + 1));
    }
    return children;
  }

  private Type type(SchemaElement element, int depth) throws IOException {
    if (element.getRepetition_type() == null) {
      throw new IOException("its schema does not say how often '" + element.getName() + "' stands");
    }
    Repetition repetition = Repetition.valueOf(element.getRepetition_type().name());
    LogicalTypeAnnotation meaning = Meaning.of(element);
    if (element.getType() == null) {
      List<Type> children = children(element, depth);
      return Types.buildGroup(repetition)
          .addFields(children.toArray(new Type[0]))
          .as(meaning)
          .named(element.getName());
    }
    return Types.primitive(kept(element.getType()), repetition)
        .length(element.getType_length())
        .as(meaning)
        .named(element.getName());
  }

  /** How the file says that values are kept, in the words of the library. */
  static PrimitiveTypeName kept(org.apache.parquet.format.Type said) {
    return said == org.apache.parquet.format.Type.BYTE_ARRAY
        ? PrimitiveTypeName.BINARY
        : PrimitiveTypeName.valueOf(said.name());
  }
}
