package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes safetensors, streaming. The same tensors give the same bytes, in whatever order they come:
 * the wider types first, each aligned to its elements, and by name within a type.
 */
public final class SafetensorsWriter {
  /** What other programs look for to know whose axes these are. */
  public static final Map<String, String> PYTORCH = Map.of("format", "pt");

  private static final Comparator<TensorContent> ORDER =
      Comparator.comparingInt((TensorContent tensor) -> -tensor.spec().type().bytes())
          .thenComparing(tensor -> tensor.spec().type())
          .thenComparing(tensor -> tensor.spec().name());

  /** Elements begin at a multiple of a cache line. */
  private static final int ALIGNMENT = 64;

  /** Elements that are converted and written at once. */
  private static final int PIECE = 1 << 18;

  private SafetensorsWriter() {}

  /**
   * Writes one file.
   *
   * @param metadata texts for other programs; empty for none
   * @throws CheckpointException if a name comes twice, or a tensor has not the bytes it should have
   */
  public static void write(
      Collection<TensorContent> tensors, Map<String, String> metadata, WritableByteChannel out)
      throws IOException {
    List<TensorContent> ordered = tensors.stream().sorted(ORDER).toList();
    writeFully(ByteBuffer.wrap(header(ordered, metadata)), out);
    for (TensorContent tensor : ordered) {
      writeData(tensor, out);
    }
  }

  private static byte[] header(List<TensorContent> ordered, Map<String, String> metadata) {
    ObjectNode header = CheckpointJson.object();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(SafetensorsHeader.METADATA);
      metadata.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
    }
    long position = 0;
    Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
    for (TensorContent tensor : ordered) {
      TensorSpec spec = tensor.spec();
      if (!names.add(spec.name())) {
        throw new CheckpointException(
            "tensor " + Quoted.of(spec.name()) + " cannot be written; its name is already taken");
      }
      ObjectNode entry = header.putObject(spec.name()).put("dtype", spec.type().name());
      spec.shape().forEach(entry.withArray("shape")::add);
      entry.putArray("data_offsets").add(position).add(Math.addExact(position, spec.bytes()));
      position += spec.bytes();
    }
    return padded(CheckpointJson.compact(header));
  }

  /** Length and text, filled up with blanks to the alignment. */
  private static byte[] padded(byte[] json) {
    int length = Math.ceilDiv(Long.BYTES + json.length, ALIGNMENT) * ALIGNMENT - Long.BYTES;
    if (length > SafetensorsHeader.LARGEST) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "a header of %d bytes cannot be written; at most %d are allowed: use smaller shards",
              length,
              SafetensorsHeader.LARGEST));
    }
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(length).put(json);
    Arrays.fill(header.array(), header.position(), header.capacity(), (byte) ' ');
    return header.array();
  }

  /** Converts and writes a piece at a time. */
  private static void writeData(TensorContent tensor, WritableByteChannel out) throws IOException {
    StoredType from = tensor.source();
    StoredType to = tensor.spec().type();
    MemorySegment data =
        new StoredTensor(
                new TensorSpec(tensor.spec().name(), from, tensor.spec().shape()),
                tensor.data().get())
            .data();
    long elements = tensor.spec().elements();
    byte[] piece = new byte[to.bytes() * (int) Math.min(PIECE, elements)];
    for (long start = 0; start < elements; start += PIECE) {
      int count = (int) Math.min(PIECE, elements - start);
      MemorySegment source = data.asSlice(start * from.bytes(), (long) count * from.bytes());
      MemorySegment target = MemorySegment.ofArray(piece).asSlice(0, (long) count * to.bytes());
      if (from == to) {
        target.copyFrom(source);
      } else {
        FloatConversion.convert(from, source, to, target);
      }
      writeFully(ByteBuffer.wrap(piece, 0, count * to.bytes()), out);
    }
  }

  private static void writeFully(ByteBuffer bytes, WritableByteChannel out) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /**
   * Adds {@code STEM.safetensors} to an artefact, or, where the tensors take more than {@code
   * largestShard} bytes, shards {@code STEM-00001-of-0000N.safetensors} and their index. A tensor
   * that is larger gets a shard of its own. Tensors keep their order between shards.
   */
  public static void write(
      ArtefactWriter artefact, String stem, Collection<TensorContent> tensors, long largestShard) {
    List<List<TensorContent>> shards = split(tensors, largestShard);
    if (shards.size() == 1) {
      artefact.write(stem + ".safetensors", out -> write(shards.getFirst(), PYTORCH, out));
      return;
    }
    ObjectNode index = CheckpointJson.object();
    index.putObject("metadata").put("total_size", bytes(tensors));
    ObjectNode weightMap = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      List<TensorContent> shard = shards.get(i);
      String name =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, i + 1, shards.size());
      artefact.write(name, out -> write(shard, PYTORCH, out));
      shard.forEach(tensor -> putOnce(weightMap, tensor.spec().name(), name));
    }
    artefact.write(stem + ShardedSafetensors.INDEX, CheckpointJson.write(index));
  }

  private static void putOnce(ObjectNode weightMap, String tensor, String shard) {
    if (weightMap.has(tensor)) {
      throw new CheckpointException(
          "tensor " + Quoted.of(tensor) + " cannot be written; its name is already taken");
    }
    weightMap.put(tensor, shard);
  }

  private static List<List<TensorContent>> split(
      Collection<TensorContent> tensors, long largestShard) {
    List<List<TensorContent>> shards = new ArrayList<>();
    shards.add(new ArrayList<>());
    long size = 0;
    for (TensorContent tensor : tensors) {
      long bytes = tensor.spec().bytes();
      if (size > 0 && size + bytes > largestShard) {
        shards.add(new ArrayList<>());
        size = 0;
      }
      shards.getLast().add(tensor);
      size += bytes;
    }
    return shards;
  }

  private static long bytes(Collection<TensorContent> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.spec().bytes()).sum();
  }
}
