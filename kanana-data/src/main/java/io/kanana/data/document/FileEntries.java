package io.kanana.data.document;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * What a file holds: itself, decompressed, or, where it is an archive, each entry as a file of its
 * own. An entry is read from the stream and its name is only ever shown, so a name such as {@code
 * ../a} leads nowhere. Archives within archives are entered to a depth of {@value #DEPTH}.
 */
final class FileEntries implements Closeable {
  private static final int DEPTH = 4;
  private static final int LAYERS = 3;
  private static final int BUFFER = 1 << 16;

  /**
   * One content, to be read before the next.
   *
   * @param name the entry's name after the archive's, {@code papers.tar!a/b.tex}; empty for the
   *     file itself
   * @param archive the name, in this form, of the archive that it stands in
   * @param packed whether it was compressed on its own
   */
  record Entry(String name, String archive, boolean packed, BufferedInputStream content) {
    /** Whether it stands in an archive. */
    boolean archived() {
      return !name.isEmpty();
    }
  }

  /** An archive that was entered. */
  private static final class Level {
    private final ArchiveInputStream<? extends ArchiveEntry> archive;
    private final String name;

    /** Whether going on would inflate what is left of the entry, to find its end. */
    private boolean inflates;

    Level(ArchiveInputStream<? extends ArchiveEntry> archive, String name) {
      this.archive = archive;
      this.name = name;
    }

    ArchiveEntry next(Expansion passedOver) throws IOException {
      if (inflates) {
        passedOver.decoded(archive).transferTo(OutputStream.nullOutputStream());
      }
      ArchiveEntry header = archive.getNextEntry();
      inflates =
          header instanceof ZipArchiveEntry zip
              && zip.getGeneralPurposeBit().usesDataDescriptor()
              && archive.canReadEntryData(header);
      return header;
    }
  }

  private final FileChannel file;
  private final Counter counter;
  private final Expansion expansion;

  /** For what nobody reads: behind an entry that went too far there may be others. */
  private final Expansion passedOver;

  private final Deque<Level> levels = new ArrayDeque<>();
  private InputStream current;
  private boolean begun;
  private String place = "";

  private FileEntries(FileChannel file, FilesConfig config) {
    this.file = file;
    this.counter = new Counter(Channels.newInputStream(file));
    this.expansion = expansion(counter, config);
    this.passedOver = expansion(counter, config);
  }

  private static Expansion expansion(Counter counter, FilesConfig config) {
    return new Expansion(() -> counter.count, config.maxExpansion(), config.maxEntryBytes());
  }

  static FileEntries open(Path file, FilesConfig config) throws IOException {
    return new FileEntries(FileChannel.open(file), config);
  }

  /**
   * The next content, or null at the end.
   *
   * @throws IOException where it cannot be read; the next call then goes on behind it, and ends
   */
  Entry next() throws IOException {
    closeEntry();
    place = "";
    if (!begun) {
      begun = true;
      Entry whole = enter("", "", counter);
      if (whole != null) {
        return whole;
      }
    }
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      ArchiveEntry header = header(level);
      if (header == null) {
        leave();
      } else if (isFile(header)) {
        Entry entry = entry(level, header);
        if (entry != null) {
          return entry;
        }
      }
    }
    return null;
  }

  /** The header of an archive's next entry; an archive that fails is left. */
  private ArchiveEntry header(Level level) throws IOException {
    place = level.name;
    try {
      return level.next(passedOver);
    } catch (IOException e) {
      leave();
      throw e;
    } catch (RuntimeException e) {
      leave();
      throw new IOException("damaged: " + e.getMessage(), e);
    }
  }

  private void leave() throws IOException {
    levels.pop().archive.close();
  }

  private static boolean isFile(ArchiveEntry header) {
    return !header.isDirectory() && (!(header instanceof TarArchiveEntry tar) || tar.isFile());
  }

  private Entry entry(Level level, ArchiveEntry header) throws IOException {
    place = level.name + "!" + shown(header.getName());
    if (!level.archive.canReadEntryData(header)) {
      throw new IOException("is encrypted, or compressed in a way that is not read");
    }
    return enter(place, level.name, expansion.entry(level.archive));
  }

  /** Names come from anyone; control characters would reach a terminal. */
  private static String shown(String name) {
    StringBuilder shown = new StringBuilder(name.length());
    name.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? 0xFFFD : c));
    return shown.toString();
  }

  /** A content, or null where it is an archive that was entered. */
  private Entry enter(String name, String archive, InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    current = in;
    boolean packed = false;
    for (int layer = 0; layer < LAYERS; layer++) {
      Compression compression = Compression.of(in);
      if (compression == Compression.NONE) {
        break;
      }
      packed = true;
      in = new BufferedInputStream(expansion.decoded(opened(compression, in)), BUFFER);
      current = in;
    }
    ArchiveKind kind = ArchiveKind.of(in);
    if (kind == ArchiveKind.NONE) {
      return new Entry(name, archive, packed, in);
    }
    if (levels.size() == DEPTH) {
      throw new IOException("archives are nested deeper than " + DEPTH);
    }
    levels.push(new Level(kind.open(in), name));
    current = null;
    return null;
  }

  private static InputStream opened(Compression compression, InputStream in) throws IOException {
    try {
      return compression.open(in);
    } catch (RuntimeException e) {
      throw new IOException("damaged: " + e.getMessage(), e);
    }
  }

  /** The name of what is read now or could not be read, as in {@link Entry}. */
  String place() {
    return place;
  }

  /** The file itself, for who reads it here and there; it is closed with this. */
  FileChannel file() {
    return file;
  }

  /** How many bytes of the file itself have been read, buffering included. */
  long fileOffset() {
    return counter.count;
  }

  private void closeEntry() throws IOException {
    InputStream read = current;
    current = null;
    if (read != null) {
      read.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeEntry();
    while (!levels.isEmpty()) {
      leave();
    }
    counter.close();
  }

  private static final class Counter extends FilterInputStream {
    private long count;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = in.skip(bytes);
      count += skipped;
      return skipped;
    }
  }
}
