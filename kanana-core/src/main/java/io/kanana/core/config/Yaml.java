package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The YAML of configurations: mappings, lists, text, numbers, {@code true} and {@code false}. No
 * tags, no anchors, no null, and no unquoted word that another YAML reader would take for something
 * else. What {@link #write} writes, {@link #read(String)} reads as the same tree.
 */
public final class Yaml {
  private static final int LARGEST_FILE = 1 << 20;

  private Yaml() {}

  /**
   * The mapping in {@code text}.
   *
   * @throws ConfigException with every problem found
   */
  public static ObjectNode read(String text) {
    List<Problem> problems = new ArrayList<>();
    ObjectNode tree = mapping(text, "", problems);
    throwIfAny(problems);
    return tree;
  }

  /**
   * The mapping in {@code file}, which is at most 1 MiB of UTF-8.
   *
   * @throws ConfigException with every problem found
   */
  public static ObjectNode read(Path file) {
    List<Problem> problems = new ArrayList<>();
    ObjectNode tree = read(file, problems);
    throwIfAny(problems);
    return tree;
  }

  /** A tree as text, one key a line; ends with a line feed. */
  public static String write(JsonNode tree) {
    return YamlWriter.write(tree);
  }

  static ObjectNode read(Path file, List<Problem> problems) {
    try (InputStream in = Files.newInputStream(file)) {
      return mapping(text(in, file.toString()), file.toString(), problems);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file.toString(), "there is no such file; check the path");
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + Reason.of(e));
    }
  }

  static String text(InputStream in, String source) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
    if (bytes.length > LARGEST_FILE) {
      throw new ConfigException(source, "is larger than 1 MiB, which no configuration is");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ConfigException(source, "is not UTF-8 text; is it a configuration file?");
    }
  }

  static ObjectNode mapping(String text, String source, List<Problem> problems) {
    JsonNode node = YamlReader.read(text, "", source, problems);
    if (node instanceof ObjectNode mapping) {
      return mapping;
    }
    problems.add(new Problem(source, "must be a mapping of keys to values"));
    return JsonNodeFactory.instance.objectNode();
  }

  private static void throwIfAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
