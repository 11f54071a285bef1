package io.kanana.core.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Strict JSON: UTF-8, one object, no name twice, of bounded depth and size. */
final class CheckpointJson {
  private static final int DEEPEST = 32;
  private static final int LONGEST_STRING = 1 << 22;
  private static final int LONGEST_NAME = 1 << 12;
  private static final int LONGEST_NUMBER = 64;

  /** Names are neither interned nor shared: they may be many, and chosen to collide. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_STRING)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final DefaultPrettyPrinter INDENTED =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  private CheckpointJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The object in a file of at most {@code largest} bytes. */
  static JsonFields read(Path file, int largest) {
    return parse(file.toString(), bytes(file, largest));
  }

  /** A whole file, refused where it is larger than such files are. */
  static byte[] bytes(Path file, int largest) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(largest + 1);
      if (bytes.length > largest) {
        throw new CheckpointException(
            file + ": is larger than " + largest + " bytes, which no such file may be");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  static JsonFields parse(String file, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode tree = MAPPER.readTree(text);
      if (tree instanceof ObjectNode object) {
        return new JsonFields(file, "", object);
      }
      throw new CheckpointException(file + ": must be a JSON object");
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + ": is not UTF-8 text", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": is not strict JSON: " + reason(e), e);
    }
  }

  /** What Jackson says, on one line and without an excerpt of the file. */
  static String reason(JsonProcessingException e) {
    String place =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    String message = e.getOriginalMessage().lines().findFirst().orElse("malformed");
    return Quoted.of(message) + place;
  }

  /** Indented, with a line feed at the end; the same bytes for the same tree. */
  static byte[] write(JsonNode tree) {
    try {
      String text = MAPPER.writer(INDENTED).writeValueAsString(tree) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes can be written", e);
    }
  }

  /** Without blanks. */
  static byte[] compact(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes can be written", e);
    }
  }
}
