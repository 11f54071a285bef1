package io.kanana.core.checkpoint;

import io.kanana.core.checkpoint.Manifest.FileRecord;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes a directory that appears whole or not at all. Files go to a hidden directory beside the
 * target and are hashed on their way; {@link #commit} adds the manifest and moves it into place,
 * over an older artefact of that name if there is one. Closing without a commit, or an error,
 * leaves what was at the target before.
 *
 * <pre>{@code
 * try (ArtefactWriter artefact = ArtefactWriter.create(directory, "checkpoint", parents)) {
 *   artefact.write("config.yaml", text);
 *   SafetensorsWriter.write(artefact, "model", tensors, 5_000_000_000L);
 *   return artefact.commit();
 * }
 * }</pre>
 *
 * <p>One writer per target at a time; not safe for use by several threads.
 */
public final class ArtefactWriter implements AutoCloseable {
  /** Something that writes a file. */
  public interface Content {
    /** Writes to {@code out}, which the caller closes. */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  private final Disk disk;
  private final Path target;
  private final Path partial;
  private final String kind;
  private final List<String> parents;
  private final SortedMap<String, FileRecord> files = new TreeMap<>();
  private final SortedSet<String> unfinished = new TreeSet<>();
  private boolean open = true;

  private ArtefactWriter(Disk disk, Path target, String kind, List<String> parents) {
    this.disk = disk;
    this.target = target;
    this.partial = Replacement.partial(target);
    this.kind = kind;
    this.parents = List.copyOf(parents);
  }

  /**
   * Begins an artefact; leftovers of an interrupted write of the same target are removed.
   *
   * @param kind what it is: {@code checkpoint}
   * @param parents identities ({@link Artefact#id}) of what it is made from
   * @throws CheckpointException if the target is there and is no artefact, or cannot be written
   */
  public static ArtefactWriter create(Path target, String kind, List<String> parents) {
    return create(Disk.real(), target, kind, parents);
  }

  static ArtefactWriter create(Disk disk, Path target, String kind, List<String> parents) {
    ArtefactWriter writer = new ArtefactWriter(disk, target, kind, parents);
    writer.begin();
    return writer;
  }

  private void begin() {
    Replacement.finish(disk, target);
    if (Files.exists(target) && !Artefact.isArtefact(target) && !isEmptyDirectory(target)) {
      throw new CheckpointException(
          target + ": is there and is no artefact, so it is not replaced; choose another path");
    }
    try {
      disk.delete(Replacement.replaced(target));
      disk.delete(partial);
      disk.createDirectory(partial);
    } catch (IOException e) {
      throw failure(partial, e);
    }
  }

  private static boolean isEmptyDirectory(Path path) {
    String[] children = path.toFile().list();
    return children != null && children.length == 0;
  }

  /**
   * Adds a file.
   *
   * @param name without directories; each once
   * @throws CheckpointException naming path and cause; the artefact is then given up
   */
  public void write(String name, Content content) {
    checkName(name);
    try (FileOutput file = open(name)) {
      content.writeTo(file);
      file.finish();
    } catch (IOException e) {
      throw giveUp(failure(target.resolve(name), e));
    } catch (CheckpointException e) {
      throw giveUp(e);
    }
  }

  /**
   * Begins a file that is written bit by bit, perhaps beside others. It must be finished before the
   * artefact is committed.
   *
   * @param name without directories; each once
   * @throws CheckpointException naming path and cause; the artefact is then given up
   */
  public FileOutput begin(String name) {
    checkName(name);
    try {
      return open(name);
    } catch (IOException e) {
      throw giveUp(failure(target.resolve(name), e));
    }
  }

  private void checkName(String name) {
    checkOpen();
    boolean taken = files.containsKey(name) || unfinished.contains(name);
    if (!PlainName.holds(name) || name.equals(Manifest.FILE) || taken) {
      throw new CheckpointException(
          target + ": cannot have a file " + Quoted.of(name) + "; a plain, new name is needed");
    }
  }

  private FileOutput open(String name) throws IOException {
    FileOutput file = new FileOutput(name, disk.create(partial.resolve(name)));
    unfinished.add(name);
    return file;
  }

  /** Adds a file of bytes. */
  public void write(String name, byte[] bytes) {
    write(
        name,
        out -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          while (buffer.hasRemaining()) {
            out.write(buffer);
          }
        });
  }

  /** Adds a file of text in UTF-8. */
  public void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a copy of a file. */
  public void copy(String name, Path source) {
    write(
        name,
        out -> {
          OutputStream stream = Channels.newOutputStream(out);
          Files.copy(source, stream);
        });
  }

  /**
   * Adds the files of another artefact, which is then no more: they are moved, with what its
   * manifest says of them, so both must lie on the same disk. What an interruption leaves of it is
   * no artefact.
   *
   * @throws CheckpointException naming path and cause; both artefacts are then given up
   */
  public void adopt(Artefact other) {
    other.manifest().files().keySet().forEach(this::checkName);
    try {
      disk.delete(other.directory().resolve(Manifest.FILE));
      for (Map.Entry<String, FileRecord> file : other.manifest().files().entrySet()) {
        disk.move(other.directory().resolve(file.getKey()), partial.resolve(file.getKey()));
        files.put(file.getKey(), file.getValue());
      }
      disk.delete(other.directory());
    } catch (IOException e) {
      throw giveUp(failure(other.directory(), e));
    }
  }

  /**
   * Writes the manifest and moves the directory into place.
   *
   * @throws CheckpointException naming path and cause; what was there before is whole
   */
  public Artefact commit() {
    checkOpen();
    if (!unfinished.isEmpty()) {
      throw new IllegalStateException(target + " cannot be committed without " + unfinished);
    }
    try {
      writeManifest();
      disk.syncDirectory(partial);
      Replacement.run(disk, target);
    } catch (IOException e) {
      CheckpointException failure = failure(target, e);
      putBack(failure);
      throw giveUp(failure);
    }
    open = false;
    return Artefact.look(target);
  }

  private void writeManifest() throws IOException {
    byte[] json = new Manifest(kind, parents, files).toJson();
    try (Disk.Output output = disk.create(partial.resolve(Manifest.FILE))) {
      output.write(ByteBuffer.wrap(json));
      output.sync();
    }
  }

  /** Undoes a replacement that failed half-way. */
  private void putBack(CheckpointException failure) {
    try {
      if (!Files.exists(target) && Files.exists(Replacement.replaced(target))) {
        disk.move(Replacement.replaced(target), target);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static CheckpointException failure(Path path, IOException cause) {
    return new CheckpointException(
        path + ": cannot be written: " + Reason.of(cause) + "; no earlier artefact was damaged",
        cause);
  }

  private CheckpointException giveUp(CheckpointException failure) {
    try {
      close();
    } catch (CheckpointException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException(target + " was already committed or given up");
    }
  }

  /** Gives the artefact up unless it was committed. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    try {
      disk.delete(partial);
    } catch (IOException e) {
      throw failure(partial, e);
    }
  }

  /** A file on its way to the disk, where its bytes are counted and hashed. */
  public final class FileOutput implements WritableByteChannel {
    private final String name;
    private final Disk.Output output;
    private final Sha256 hash = new Sha256();
    private long size;
    private boolean closed;

    private FileOutput(String name, Disk.Output output) {
      this.name = name;
      this.output = output;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      hash.add(bytes.duplicate());
      output.write(bytes);
      size += count;
      return count;
    }

    /** Closes the file; it is then on the disk and part of the artefact. */
    public void finish() throws IOException {
      output.sync();
      close();
      files.put(name, new FileRecord(size, hash.hex()));
      unfinished.remove(name);
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        output.close();
      }
    }
  }
}
