package io.kanana.data.shard;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;

/** Files that are read through memory. */
public final class MappedFile {
  private MappedFile() {}

  /**
   * Maps a file of a known size for reading.
   *
   * @param remedy what to do about another size: {@code tokenize the corpus again}
   * @throws DataException if it cannot be read, or has another size
   */
  public static MemorySegment map(Path file, long size, String remedy, Arena arena) {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() != size) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: has %d bytes, but its manifest says %d; %s",
                file,
                channel.size(),
                size,
                remedy));
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + Reason.of(e) + ")", e);
    }
  }
}
