package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Comma-separated values (RFC 4180) with the names of the columns in the first row. A column whose
 * every value is a whole number, a number, or a truth value is one of these; nothing between two
 * separators is null.
 */
final class CsvRows {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Pattern NUMBER =
      Pattern.compile("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?");
  private static final Pattern TRUTH = Pattern.compile("[Tt]rue|[Ff]alse|TRUE|FALSE");

  private final Path file;
  private final String text;
  private final char separator;
  private int at;
  private int line = 1;

  private CsvRows(Path file, String text, char separator) {
    this.file = file;
    this.text = text;
    this.separator = separator;
  }

  static List<ObjectNode> read(Path file, String text, char separator) {
    return new CsvRows(file, text, separator).objects();
  }

  private List<ObjectNode> objects() {
    List<List<String>> rows = new ArrayList<>();
    List<String> names = atEnd() ? List.of() : row();
    while (!atEnd()) {
      int begin = line;
      List<String> row = row();
      if (row.size() == 1 && row.getFirst().isEmpty() && names.size() > 1) {
        continue; // an empty line
      }
      if (row.size() != names.size()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s, line %d: has %d values, but the first row names %d columns",
                file,
                begin,
                row.size(),
                names.size()));
      }
      rows.add(row);
    }
    return objects(names, rows);
  }

  private static List<ObjectNode> objects(List<String> names, List<List<String>> rows) {
    List<ObjectNode> objects = new ArrayList<>();
    rows.forEach(_ -> objects.add(JsonNodeFactory.instance.objectNode()));
    for (int column = 0; column < names.size(); column++) {
      int index = column;
      Function<String, JsonNode> reader = reader(rows.stream().map(row -> row.get(index)).toList());
      for (int i = 0; i < rows.size(); i++) {
        String value = rows.get(i).get(column);
        objects
            .get(i)
            .set(
                names.get(column),
                value.isEmpty() ? JsonNodeFactory.instance.nullNode() : reader.apply(value));
      }
    }
    return objects;
  }

  private static Function<String, JsonNode> reader(List<String> values) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (all(values, WHOLE)) {
      return value -> {
        BigInteger number = new BigInteger(value);
        return number.bitLength() < Integer.SIZE
            ? nodes.numberNode(number.intValue())
            : nodes.numberNode(number.longValue());
      };
    }
    if (all(values, NUMBER)) {
      return value -> nodes.numberNode(new BigDecimal(value));
    }
    return all(values, TRUTH)
        ? value -> nodes.booleanNode(value.equalsIgnoreCase("true"))
        : nodes::textNode;
  }

  private static boolean all(List<String> values, Pattern pattern) {
    return values.stream().anyMatch(value -> !value.isEmpty())
        && values.stream().allMatch(value -> value.isEmpty() || pattern.matcher(value).matches());
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  private List<String> row() {
    List<String> row = new ArrayList<>();
    while (true) {
      row.add(!atEnd() && text.charAt(at) == '"' ? quoted() : plain());
      if (atEnd()) {
        return row;
      }
      char end = text.charAt(at++);
      if (end == separator) {
        continue;
      }
      if (end == '\r' && !atEnd() && text.charAt(at) == '\n') {
        at++;
      }
      line++;
      return row;
    }
  }

  private String plain() {
    int begin = at;
    while (!atEnd() && text.charAt(at) != separator && "\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at);
  }

  private String quoted() {
    int begin = line;
    StringBuilder value = new StringBuilder();
    at++;
    while (!atEnd()) {
      char c = text.charAt(at++);
      if (c != '"') {
        value.append(c);
        line += c == '\n' ? 1 : 0;
      } else if (!atEnd() && text.charAt(at) == '"') {
        value.append('"');
        at++;
      } else {
        return value.append(plain()).toString();
      }
    }
    throw new DataException(file + ", line " + begin + ": a quotation mark is not closed");
  }
}
