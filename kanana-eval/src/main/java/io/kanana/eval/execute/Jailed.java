package io.kanana.eval.execute;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A program in a sandbox, to which frames are sent and from which they are received. For one
 * thread. Closing it ends all of its processes.
 */
final class Jailed implements AutoCloseable {
  private static final int LARGEST_FRAME = 16 << 20;
  private static final int LONGEST_REPORT = 1 << 16;

  private final Process process;
  private final DataOutputStream output;
  private final DataInputStream input;
  private final Thread deadline;

  /** Takes over a process that is to be killed after some seconds, if it has not ended itself. */
  Jailed(Process process, int seconds) {
    this.process = process;
    this.output = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    this.input = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.deadline = Thread.ofVirtual().start(() -> killAfter(seconds));
  }

  private void killAfter(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Sends a frame; one that has ended does not hear it, which the next answer shows. */
  void send(char kind, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    try {
      output.writeByte(kind);
      output.writeInt(content.length);
      output.write(content);
      output.flush();
    } catch (IOException _) {
      // the program has ended, and end() says how
    }
  }

  /** The next frame, or {@link Frame#NOTHING} when there will be none. */
  Frame receive() {
    try {
      char kind = (char) input.readUnsignedByte();
      int length = input.readInt();
      if (length < 0 || length > LARGEST_FRAME) {
        return new Frame(Frame.TOO_LARGE, Integer.toUnsignedString(length) + " bytes");
      }
      return new Frame(kind, new String(input.readNBytes(length), StandardCharsets.UTF_8));
    } catch (IOException _) {
      return new Frame(Frame.NOTHING, "");
    }
  }

  /** Waits for the end, which comes by the limits at the latest. */
  Ending end() {
    try {
      int status = process.waitFor();
      byte[] report = process.getErrorStream().readNBytes(LONGEST_REPORT);
      return Ending.parse(new String(report, StandardCharsets.UTF_8), status);
    } catch (IOException e) {
      return new Ending(Ending.How.KILLED, 0, String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Ending(Ending.How.KILLED, 0, "interrupted");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    deadline.interrupt();
    try {
      output.close();
      input.close();
    } catch (IOException _) {
      // the other end is gone, as it should be
    }
  }
}
