package io.kanana.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk that stops at the n-th operation, once and for all. */
final class FailingDisk implements Disk {
  static final class Killed extends RuntimeException {}

  private final Disk real = Disk.real();
  private final boolean kill;
  private int left;
  private boolean failed;

  FailingDisk(int operations, boolean kill) {
    this.left = operations;
    this.kill = kill;
  }

  private void operation() throws IOException {
    if (kill && failed) {
      throw new Killed();
    }
    if (left-- == 0) {
      failed = true;
      if (kill) {
        throw new Killed();
      }
      throw new IOException("No space left on device");
    }
  }

  @Override
  public Output create(Path file) throws IOException {
    operation();
    return new FailingOutput(real.create(file));
  }

  private final class FailingOutput implements Output {
    private final Output output;

    FailingOutput(Output output) {
      this.output = output;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      ByteBuffer half = bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2);
      output.write(half);
      operation();
      output.write(bytes.position(half.position()));
    }

    @Override
    public void sync() throws IOException {
      operation();
      output.sync();
    }

    @Override
    public void close() throws IOException {
      output.close();
    }
  }

  @Override
  public void createDirectory(Path made) throws IOException {
    operation();
    real.createDirectory(made);
  }

  @Override
  public void syncDirectory(Path synced) throws IOException {
    operation();
    real.syncDirectory(synced);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    operation();
    real.move(from, to);
  }

  @Override
  public void delete(Path deleted) throws IOException {
    operation();
    real.delete(deleted);
  }
}
