package io.kanana.core.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * The header of a safetensors file: eight bytes of length, then a JSON object that gives each
 * tensor's dtype, shape and place. It is read token by token, so that what it claims costs nothing;
 * memory grows only with the bytes that are really there.
 */
final class SafetensorsHeader {
  /** The limit of the format's own implementation. */
  static final long LARGEST = 100_000_000;

  static final String METADATA = "__metadata__";
  private static final int PREFIX = Long.BYTES;
  private static final int MOST_AXES = 32;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A tensor and the bytes it takes, counted from the end of the header. */
  record Entry(TensorSpec spec, long begin, long end) {}

  private final Path file;
  private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
  private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
  private final long dataStart;

  private SafetensorsHeader(Path file, MemorySegment bytes) {
    this.file = file;
    long length = length(bytes);
    this.dataStart = PREFIX + length;
    parse(bytes.asSlice(PREFIX, length));
    checkPlaces(bytes.byteSize() - dataStart);
  }

  /**
   * @throws CheckpointException naming the file, the tensor, what was found and the rule
   */
  static SafetensorsHeader read(Path file, MemorySegment bytes) {
    return new SafetensorsHeader(file, bytes);
  }

  /** In the order of the header. */
  SequencedMap<String, Entry> entries() {
    return entries;
  }

  SequencedMap<String, String> metadata() {
    return Collections.unmodifiableSequencedMap(metadata);
  }

  /** Where the elements begin in the file. */
  long dataStart() {
    return dataStart;
  }

  private CheckpointException error(String message) {
    return new CheckpointException(file + ": " + message);
  }

  private CheckpointException error(String tensor, String message) {
    return error("tensor " + Quoted.of(tensor) + " " + message);
  }

  private long length(MemorySegment bytes) {
    if (bytes.byteSize() < PREFIX) {
      throw error(bytes.byteSize() + " bytes are no safetensors file; it begins with 8 of length");
    }
    long length = bytes.get(LENGTH, 0);
    if (length < 2 || length > LARGEST) {
      throw error(
          String.format(
              Locale.ROOT,
              "header length is %s; must be from 2 to %d",
              Long.toUnsignedString(length),
              LARGEST));
    }
    if (length > bytes.byteSize() - PREFIX) {
      throw error(
          String.format(
              Locale.ROOT,
              "header length is %d, but only %d bytes follow; the file is truncated or no safetensors",
              length,
              bytes.byteSize() - PREFIX));
    }
    if (bytes.get(ValueLayout.JAVA_BYTE, PREFIX) != '{') {
      throw error("header does not begin with '{'; this is no safetensors file");
    }
    return length;
  }

  private void parse(MemorySegment header) {
    try (Reader text =
            new InputStreamReader(
                new SegmentInputStream(header), StandardCharsets.UTF_8.newDecoder());
        JsonParser json = CheckpointJson.FACTORY.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals(METADATA)) {
          parseMetadata(json);
        } else {
          entries.put(name, parseEntry(json, name));
        }
      }
      if (json.nextToken() != null) {
        throw error("header goes on after its object; only blanks may follow");
      }
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + ": header is not strict JSON: " + CheckpointJson.reason(e), e);
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + ": header is not UTF-8", e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": header cannot be read: " + Reason.of(e), e);
    }
  }

  private void parseMetadata(JsonParser json) throws IOException {
    expect(json, JsonToken.START_OBJECT, METADATA, "must be an object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      expect(json, JsonToken.VALUE_STRING, METADATA, "must map strings to strings");
      metadata.put(key, json.getText());
    }
  }

  private Entry parseEntry(JsonParser json, String name) throws IOException {
    expect(json, JsonToken.START_OBJECT, name, "must be an object");
    StoredType type = null;
    List<Long> shape = null;
    List<Long> place = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = parseType(json, name);
        case "shape" -> shape = parseSizes(json, name, key);
        case "data_offsets" -> place = parseSizes(json, name, key);
        default ->
            throw error(name, "has " + Quoted.of(key) + "; only dtype, shape, data_offsets may be");
      }
    }
    if (type == null || shape == null || place == null || place.size() != 2) {
      throw error(name, "must have dtype, shape, and data_offsets of two numbers");
    }
    return entry(name, type, shape, place.get(0), place.get(1));
  }

  private Entry entry(String name, StoredType type, List<Long> shape, long begin, long end) {
    TensorSpec spec;
    try {
      spec = new TensorSpec(name, type, shape);
    } catch (CheckpointException e) {
      throw new CheckpointException(file + ": " + e.getMessage(), e);
    }
    if (begin > end || end - begin != spec.bytes()) {
      throw error(
          name,
          String.format(
              Locale.ROOT,
              "of %s %s has data_offsets %d to %d; it needs exactly %d bytes",
              type,
              shape,
              begin,
              end,
              spec.bytes()));
    }
    return new Entry(spec, begin, end);
  }

  private StoredType parseType(JsonParser json, String name) throws IOException {
    expect(json, JsonToken.VALUE_STRING, name, "must have a string as dtype");
    String type = json.getText();
    return StoredType.named(type)
        .orElseThrow(
            () ->
                error(
                    name,
                    String.format(
                        Locale.ROOT,
                        "has dtype %s; must be one of %s",
                        Quoted.of(type),
                        List.of(StoredType.values()))));
  }

  private List<Long> parseSizes(JsonParser json, String name, String key) throws IOException {
    String rule = "must have whole numbers from 0 to 2^63-1 in a list as " + key;
    expect(json, JsonToken.START_ARRAY, name, rule);
    List<Long> sizes = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json, JsonToken.VALUE_NUMBER_INT, name, rule);
      if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
        throw error(name, rule + ", got " + json.getText());
      }
      if (sizes.size() == MOST_AXES) {
        throw error(name, "has a " + key + " of more than " + MOST_AXES + " numbers");
      }
      sizes.add(json.getLongValue());
    }
    return sizes;
  }

  private void expect(JsonParser json, JsonToken token, String name, String rule) {
    if (json.currentToken() != token) {
      throw error("header entry " + Quoted.of(name) + " " + rule);
    }
  }

  /** Tensors follow one another without hole or overlap and fill the file. */
  private void checkPlaces(long dataSize) {
    List<Entry> ordered =
        entries.values().stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    long position = 0;
    for (Entry entry : ordered) {
      if (entry.begin != position) {
        throw error(
            entry.spec.name(),
            String.format(
                Locale.ROOT,
                "begins at %d, but the tensors before it end at %d; %s",
                entry.begin,
                position,
                entry.begin < position ? "tensors may not overlap" : "no hole is allowed"));
      }
      position = entry.end;
    }
    if (position != dataSize) {
      throw error(
          String.format(
              Locale.ROOT,
              "holds %d bytes after the header, but its tensors need %d; the file is %s",
              dataSize,
              position,
              dataSize < position ? "truncated" : "too long"));
    }
  }
}
