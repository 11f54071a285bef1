package io.kanana.core.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * The tensors of a safetensors file as doubles, read in the most obvious way: an oracle that shares
 * nothing with the reader under test.
 */
public final class GoldenTensors {
  private final ByteBuffer data;
  private final TreeMap<String, JsonNode> headers = new TreeMap<>();

  public GoldenTensors(Path file) {
    try {
      ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int length = Math.toIntExact(all.getLong());
      byte[] header = new byte[length];
      all.get(header);
      JsonNode tree = new ObjectMapper().readTree(header);
      tree.fieldNames().forEachRemaining(name -> headers.put(name, tree.get(name)));
      headers.remove("__metadata__");
      data = all.slice().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names that begin with a prefix. */
  public List<String> names(String prefix) {
    return headers.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  public boolean has(String name) {
    return headers.containsKey(name);
  }

  /** Whether a tensor was rounded to F32 when it was stored. */
  public boolean isRounded(String name) {
    return headers.get(name).get("dtype").asText().equals("F32");
  }

  public double[] doubles(String name) {
    JsonNode header = headers.get(name);
    if (header == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    int from = header.get("data_offsets").get(0).asInt();
    int bytes = header.get("data_offsets").get(1).asInt() - from;
    return switch (header.get("dtype").asText()) {
      case "F64" -> fill(new double[bytes / 8], i -> data.getDouble(from + 8 * i));
      case "F32" -> fill(new double[bytes / 4], i -> data.getFloat(from + 4 * i));
      case "BF16" -> fill(new double[bytes / 2], i -> bf16(data.getShort(from + 2 * i)));
      case "I64" -> fill(new double[bytes / 8], i -> data.getLong(from + 8 * i));
      case "I32" -> fill(new double[bytes / 4], i -> data.getInt(from + 4 * i));
      default -> throw new IllegalArgumentException(name + " has dtype " + header.get("dtype"));
    };
  }

  private interface At {
    double at(int index);
  }

  private static double[] fill(double[] values, At source) {
    for (int i = 0; i < values.length; i++) {
      values[i] = source.at(i);
    }
    return values;
  }

  private static float bf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
