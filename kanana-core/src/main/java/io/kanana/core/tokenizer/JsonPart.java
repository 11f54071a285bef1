package io.kanana.core.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kanana.core.error.CheckpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One value of a JSON file together with where it stands, so that every refusal names the file, the
 * part and the value found.
 */
record JsonPart(String file, String path, JsonNode node) {

  /** The refusal of this value: what it should be instead. */
  CheckpointException refused(String rule) {
    return new CheckpointException(
        file + ": " + (path.isEmpty() ? "the file" : path) + " is " + value() + "; " + rule);
  }

  private String value() {
    if (node.isMissingNode()) {
      return "missing";
    }
    if (node.isContainerNode() && node.size() > 8) {
      return (node.isArray() ? "an array of " : "an object of ") + node.size();
    }
    return Quoted.shortened(node.toString());
  }

  boolean isNull() {
    return node.isNull() || node.isMissingNode();
  }

  JsonPart field(String name) {
    JsonNode child = node.get(name);
    return new JsonPart(
        file,
        path.isEmpty() ? name : path + "." + name,
        child == null ? MissingNode.getInstance() : child);
  }

  /** This, which must be an object with no other fields than these. */
  JsonPart object(String... fields) {
    if (!node.isObject()) {
      throw refused("it must be an object");
    }
    List<String> known = Arrays.asList(fields);
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        throw field(Quoted.shortened(entry.getKey()))
            .refused("this field is unknown here; supported are " + String.join(", ", known));
      }
    }
    return this;
  }

  /** The elements of this, which must be an array. */
  List<JsonPart> elements() {
    if (!node.isArray()) {
      throw refused("it must be an array");
    }
    List<JsonPart> parts = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      parts.add(new JsonPart(file, path + "[" + i + "]", node.get(i)));
    }
    return parts;
  }

  String text() {
    if (!node.isTextual()) {
      throw refused("it must be a string");
    }
    return node.textValue();
  }

  /** The only character of this, which must be a string of one UTF-16 unit. */
  char character() {
    String text = text();
    if (text.length() != 1 || Character.isSurrogate(text.charAt(0))) {
      throw refused("it must be one character");
    }
    return text.charAt(0);
  }

  boolean bool() {
    if (!node.isBoolean()) {
      throw refused("it must be true or false");
    }
    return node.booleanValue();
  }

  boolean bool(boolean whereMissing) {
    return isNull() ? whereMissing : bool();
  }

  int integer(int least, int most) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < least
        || node.intValue() > most) {
      throw refused("it must be a whole number from " + least + " to " + most);
    }
    return node.intValue();
  }

  /** The value of the field {@code type}. */
  String type() {
    if (!node.isObject()) {
      throw refused("it must be an object");
    }
    return field("type").text();
  }
}
