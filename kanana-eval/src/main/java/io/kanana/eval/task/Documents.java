package io.kanana.eval.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A part of a data set. Every row has all columns; one that a row did not have is null in it.
 *
 * @param rows not to be changed
 */
record Documents(List<ObjectNode> rows, Set<String> columns) {
  static Documents of(List<ObjectNode> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
    List<ObjectNode> filled = new ArrayList<>();
    for (ObjectNode row : rows) {
      ObjectNode whole = row.deepCopy();
      columns.stream().filter(column -> !whole.has(column)).forEach(whole::putNull);
      filled.add(whole);
    }
    return new Documents(List.copyOf(filled), columns);
  }
}
