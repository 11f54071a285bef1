package io.kanana.core.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** What writing an artefact asks of the file system; tests put one that fails in its place. */
interface Disk {
  /** A file being written. */
  interface Output extends Closeable {
    void write(ByteBuffer bytes) throws IOException;

    /** Returns when the bytes are on the disk. */
    void sync() throws IOException;
  }

  /** A new file; fails if it is there already. */
  Output create(Path file) throws IOException;

  /** Makes a directory and those above it. */
  void createDirectory(Path directory) throws IOException;

  /** Returns when a directory's entries are on the disk. */
  void syncDirectory(Path directory) throws IOException;

  /** Moves within the disk, at once or not at all. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file, or a directory and what it holds; nothing happens if it is not there. */
  void delete(Path path) throws IOException;

  /** The real one. */
  static Disk real() {
    return new FileSystemDisk();
  }

  /** The default file system. */
  final class FileSystemDisk implements Disk {
    private record ChannelOutput(FileChannel channel) implements Output {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }

      @Override
      public void sync() throws IOException {
        channel.force(true);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    }

    @Override
    public Output create(Path file) throws IOException {
      return new ChannelOutput(
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
      Files.createDirectories(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path directory) throws IOException {
      if (Files.exists(directory)) {
        Files.walkFileTree(directory, new Deletion());
      }
    }
  }

  /** Deletes files before the directory that holds them; follows no link. */
  final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
