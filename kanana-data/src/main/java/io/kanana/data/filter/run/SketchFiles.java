package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.filter.CorpusFilter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Sketches on disk: their bytes one after the other in {@code sketches.bin}, and where each ends in
 * {@code sketches.index}, as 8-byte big-endian numbers.
 */
public final class SketchFiles {
  private static final String BYTES = "sketches.bin";
  private static final String INDEX = "sketches.index";

  private SketchFiles() {}

  /** Writes the sketches of one shard; for one thread. */
  static final class Writer implements Closeable {
    private final ArtefactWriter.FileOutput bytesFile;
    private final ArtefactWriter.FileOutput indexFile;
    private final OutputStream bytes;
    private final DataOutputStream index;
    private long end;

    Writer(ArtefactWriter artefact) {
      bytesFile = artefact.begin(BYTES);
      indexFile = artefact.begin(INDEX);
      bytes = new BufferedOutputStream(Channels.newOutputStream(bytesFile), 1 << 16);
      index = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(indexFile)));
    }

    void add(byte[] sketch) throws IOException {
      bytes.write(sketch);
      end += sketch.length;
      index.writeLong(end);
    }

    void finish() throws IOException {
      bytes.flush();
      index.flush();
      bytesFile.finish();
      indexFile.finish();
    }

    @Override
    public void close() throws IOException {
      try (bytesFile) {
        indexFile.close();
      }
    }
  }

  /**
   * Puts the sketches of all shards into one pair of files.
   *
   * @param shards in the corpus's order
   */
  public static void join(List<Path> shards, Path directory) {
    try (OutputStream bytes = Files.newOutputStream(directory.resolve(BYTES));
        DataOutputStream index =
            new DataOutputStream(
                new BufferedOutputStream(
                    Files.newOutputStream(directory.resolve(INDEX)), 1 << 16))) {
      long before = 0;
      for (Path shard : shards) {
        before += Files.copy(shard.resolve(BYTES), bytes);
        shift(shard.resolve(INDEX), before - Files.size(shard.resolve(BYTES)), index);
      }
    } catch (IOException e) {
      throw new DataException(
          directory + ": the sketches cannot be written (" + Reason.of(e) + ")", e);
    }
  }

  private static void shift(Path index, long by, DataOutputStream out) throws IOException {
    try (InputStream file = Files.newInputStream(index);
        DataInputStream in = new DataInputStream(new BufferedInputStream(file, 1 << 16))) {
      for (long count = Files.size(index) / Long.BYTES; count > 0; count--) {
        out.writeLong(by + in.readLong());
      }
    }
  }

  /**
   * Maps the files of a directory, which stay on disk; pages are read as they are needed.
   *
   * @param arena until it is closed they can be read
   */
  public static Mapped open(Path directory, Arena arena) {
    try {
      return new Mapped(map(directory.resolve(BYTES), arena), map(directory.resolve(INDEX), arena));
    } catch (IOException e) {
      throw new DataException(
          directory + ": the sketches cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Sketches in mapped files. Safe for use by several threads. */
  public record Mapped(MemorySegment bytes, MemorySegment index) implements CorpusFilter.Sketches {
    private static final ValueLayout.OfLong END =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @Override
    public long count() {
      return index.byteSize() / Long.BYTES;
    }

    @Override
    public byte[] at(long place) {
      long begin = place == 0 ? 0 : index.getAtIndex(END, place - 1);
      long end = index.getAtIndex(END, place);
      return bytes.asSlice(begin, end - begin).toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
