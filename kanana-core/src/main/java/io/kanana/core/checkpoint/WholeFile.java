package io.kanana.core.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Single files that appear whole or not at all: written beside their place, forced to the disk, and
 * renamed. After a kill at any moment there is the new file or the one before.
 */
public final class WholeFile {
  private WholeFile() {}

  /** Writes a text in UTF-8, over an older file. One writer of a file at a time. */
  public static void write(Path file, String text) throws IOException {
    write(Disk.real(), file, text);
  }

  static void write(Disk disk, Path file, String text) throws IOException {
    Path partial = Replacement.partial(file);
    disk.delete(partial);
    try (Disk.Output output = disk.create(partial)) {
      output.write(StandardCharsets.UTF_8.encode(text));
      output.sync();
    } catch (IOException e) {
      throw withoutRest(disk, partial, e);
    }
    try {
      disk.move(partial, file);
    } catch (IOException e) {
      throw withoutRest(disk, partial, e);
    }
    disk.syncDirectory(partial.getParent());
  }

  private static IOException withoutRest(Disk disk, Path partial, IOException failure) {
    try {
      disk.delete(partial);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
