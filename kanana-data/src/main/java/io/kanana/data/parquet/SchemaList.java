package io.kanana.data.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** The inverse of {@link SchemaTree}, for the types that {@link TableColumns} makes. */
final class SchemaList {
  private SchemaList() {}

  static List<SchemaElement> of(MessageType schema) {
    List<SchemaElement> elements = new ArrayList<>();
    SchemaElement root = new SchemaElement(schema.getName());
    root.setNum_children(schema.getFieldCount());
    elements.add(root);
    schema.getFields().forEach(field -> add(field, elements));
    return elements;
  }

  private static void add(org.apache.parquet.schema.Type type, List<SchemaElement> elements) {
    SchemaElement element = new SchemaElement(type.getName());
    element.setRepetition_type(FieldRepetitionType.valueOf(type.getRepetition().name()));
    mean(element, type);
    elements.add(element);
    if (type.isPrimitive()) {
      element.setType(kept(type.asPrimitiveType().getPrimitiveTypeName()));
    } else {
      GroupType group = type.asGroupType();
      element.setNum_children(group.getFieldCount());
      group.getFields().forEach(field -> add(field, elements));
    }
  }

  private static void mean(SchemaElement element, org.apache.parquet.schema.Type type) {
    switch (type.getLogicalTypeAnnotation()) {
      case StringLogicalTypeAnnotation _ ->
          mean(element, LogicalType.STRING(new StringType()), ConvertedType.UTF8);
      case JsonLogicalTypeAnnotation _ ->
          mean(element, LogicalType.JSON(new JsonType()), ConvertedType.JSON);
      case ListLogicalTypeAnnotation _ ->
          mean(element, LogicalType.LIST(new ListType()), ConvertedType.LIST);
      case null -> {}
      default -> throw new IllegalArgumentException("no column of ours is a " + type);
    }
  }

  private static void mean(SchemaElement element, LogicalType meaning, ConvertedType before) {
    element.setLogicalType(meaning);
    element.setConverted_type(before);
  }

  static Type kept(PrimitiveTypeName name) {
    return name == PrimitiveTypeName.BINARY ? Type.BYTE_ARRAY : Type.valueOf(name.name());
  }
}
