package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** One safetensors file, mapped into memory. */
public final class SafetensorsFile implements StoredTensors {
  private final Path file;
  private final Arena arena;
  private final SafetensorsHeader header;
  private final MemorySegment data;

  private SafetensorsFile(Path file, Arena arena, MemorySegment bytes) {
    this.file = file;
    this.arena = arena;
    this.header = SafetensorsHeader.read(file, bytes);
    this.data = bytes.asSlice(header.dataStart());
  }

  /**
   * Maps a file and checks its header against its size.
   *
   * @throws CheckpointException if it cannot be read or is no valid safetensors file
   */
  @SuppressWarnings("MustBeClosedChecker") // the mapping lives until close()
  public static SafetensorsFile open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return new SafetensorsFile(file, arena, map(file, arena));
    } catch (CheckpointException e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be mapped: " + Reason.of(e), e);
    }
  }

  /** The texts under {@code __metadata__}; empty where there are none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(header.entries().keySet());
  }

  @Override
  public TensorSpec spec(String name) {
    return entry(name).spec();
  }

  @Override
  public StoredTensor tensor(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    return new StoredTensor(entry.spec(), data.asSlice(entry.begin(), entry.spec().bytes()));
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new CheckpointException(file + ": has no tensor " + Quoted.of(name));
    }
    return entry;
  }

  @Override
  public void close() {
    arena.close();
  }
}
