package io.kanana.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JSON file: manifests, provenance, model configurations, results. One line a key, two deep. */
final class JsonInspector implements Inspector {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_FILE = 256L << 20;
  private static final int WIDEST_VALUE = 100;
  private static final int MOST_ELEMENTS = 16;

  @Override
  public boolean recognises(Path path) {
    return path.toString().endsWith(".json");
  }

  @Override
  public List<String> describe(Path path) {
    return describe(read(path));
  }

  static List<String> describe(JsonNode root) {
    List<String> lines = new ArrayList<>();
    if (root.isObject()) {
      describe(root, "", true, lines);
    } else {
      lines.add(shown(root));
    }
    return lines;
  }

  static JsonNode read(Path path) {
    try {
      long size = Files.size(path);
      if (size > LARGEST_FILE) {
        throw new DataException(
            path + ": is " + size + " bytes, more than any JSON file of a model");
      }
      JsonNode root = JSON.readTree(path.toFile());
      if (root.isMissingNode()) {
        throw new DataException(path + ": is empty, which no JSON file is");
      }
      return root;
    } catch (JacksonException e) {
      throw new DataException(path + ": is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static void describe(JsonNode node, String indent, boolean open, List<String> lines) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      boolean section = open && value.isObject() && value.size() <= MOST_ELEMENTS;
      lines.add(indent + entry.getKey() + ": " + (section ? "" : shown(value)));
      if (section) {
        describe(value, indent + "  ", false, lines);
      }
    }
  }

  private static String shown(JsonNode value) {
    if (value.isContainerNode() && value.size() > MOST_ELEMENTS) {
      return value.size() + (value.isArray() ? " elements" : " keys");
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= WIDEST_VALUE ? line : line.substring(0, WIDEST_VALUE) + "...";
  }
}
