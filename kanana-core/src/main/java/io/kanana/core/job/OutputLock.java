package io.kanana.core.job;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps an output directory for one run at a time. The operating system lets go of the lock when a
 * process ends, however it ends, so the file may stay. Some shared file systems lock nothing; a run
 * there says so and goes on.
 */
final class OutputLock implements AutoCloseable {
  /** The file that is locked; it holds the number of the process that did. */
  static final String FILE = ".lock";

  private final FileChannel channel;

  private OutputLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a directory that exists.
   *
   * @throws ConfigException if another run has it
   * @throws IOException if the file cannot be written
   */
  static OutputLock of(Path output, Progress progress) throws IOException {
    Path file = output.resolve(FILE);
    OutputLock lock =
        new OutputLock(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    try {
      if (lock.isTaken(output, progress)) {
        throw new ConfigException(
            "output",
            "another run"
                + owner(file)
                + " writes to "
                + output
                + "; wait for it, or name another directory");
      }
      lock.sign();
      return lock;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private boolean isTaken(Path output, Progress progress) {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException _) {
      return true; // by a run of this process
    } catch (IOException e) {
      progress.line(
          output
              + ": cannot be locked ("
              + Reason.of(e)
              + "), so take care to run nothing else there");
      return false;
    }
  }

  private void sign() throws IOException {
    String pid = Long.toString(ProcessHandle.current().pid());
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String owner(Path file) throws IOException {
    String pid = Files.readString(file);
    return pid.isEmpty() ? "" : " (process " + pid + ")";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
