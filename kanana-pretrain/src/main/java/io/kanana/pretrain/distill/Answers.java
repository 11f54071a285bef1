package io.kanana.pretrain.distill;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.train.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A teacher's most probable tokens at the targets of some sequences, in their order.
 *
 * <p>As bytes: the number of targets, then, in one frame of Zstandard, how many of them each
 * sequence has, ids, logarithms, and logarithms of the rest. Of each column the lowest bytes come
 * first, then the next, since those are alike.
 *
 * @param counts targets of each sequence
 * @param ids k of each target
 * @param logProbabilities k of each target
 * @param logRest one of each target
 */
record Answers(int[] counts, int[] ids, float[] logProbabilities, float[] logRest) {
  private static final int LEVEL = 3;

  /** Where the targets of a sequence begin among all. */
  int first(int sequence) {
    return Arrays.stream(counts, 0, sequence).sum();
  }

  /**
   * What there is of a batch's targets.
   *
   * @param ids [N, k] of all its positions
   * @param logProbabilities [N, k]
   * @param logRest [N]
   */
  static Answers atTargets(TokenBatch batch, int[] ids, float[] logProbabilities, float[] logRest) {
    int k = ids.length / logRest.length;
    int targets = batch.targetCount();
    Answers answers =
        new Answers(
            new int[batch.rows()],
            new int[targets * k],
            new float[targets * k],
            new float[targets]);
    int target = 0;
    for (int t = 0; t < logRest.length; t++) {
      if (batch.targets()[t] != TokenBatch.IGNORE) {
        answers.counts[t / batch.contextLength()]++;
        System.arraycopy(ids, t * k, answers.ids, target * k, k);
        System.arraycopy(logProbabilities, t * k, answers.logProbabilities, target * k, k);
        answers.logRest[target++] = logRest[t];
      }
    }
    return answers;
  }

  /** Those of sequences that follow one another. */
  static Answers joined(List<Answers> parts) {
    return new Answers(
        parts.stream().flatMapToInt(part -> Arrays.stream(part.counts)).toArray(),
        parts.stream().flatMapToInt(part -> Arrays.stream(part.ids)).toArray(),
        joined(parts, Answers::logProbabilities),
        joined(parts, Answers::logRest));
  }

  private static float[] joined(List<Answers> parts, Function<Answers, float[]> column) {
    float[] all = new float[parts.stream().mapToInt(part -> column.apply(part).length).sum()];
    int at = 0;
    for (Answers part : parts) {
      float[] own = column.apply(part);
      System.arraycopy(own, 0, all, at, own.length);
      at += own.length;
    }
    return all;
  }

  private static int idBytes(LogitsHeader header) {
    return header.vocabularySize() <= 1 << 16 ? 2 : Integer.BYTES;
  }

  private static long size(LogitsHeader header, int sequences, long targets) {
    int logs = header.storedAs().bytes();
    long ofTarget = (long) header.topK() * (idBytes(header) + logs) + logs;
    return (long) Integer.BYTES * sequences + targets * ofTarget;
  }

  // ---- writing --------------------------------------------------------------------------------

  byte[] toBytes(LogitsHeader header) {
    long size = size(header, counts.length, logRest.length);
    ByteBuffer plain = ByteBuffer.allocate(Math.toIntExact(size));
    StoredLogs stored = header.storedAs();
    putPlanes(plain, counts, Integer.BYTES);
    putPlanes(plain, ids, idBytes(header));
    putPlanes(plain, bits(logProbabilities, stored), stored.bytes());
    putPlanes(plain, bits(logRest, stored), stored.bytes());
    byte[] packed = Zstd.compress(plain.array(), LEVEL);
    return ByteBuffer.allocate(Integer.BYTES + packed.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(logRest.length)
        .put(packed)
        .array();
  }

  private static int[] bits(float[] logs, StoredLogs stored) {
    int[] bits = new int[logs.length];
    Arrays.setAll(bits, i -> stored.toBits(logs[i]));
    return bits;
  }

  private static void putPlanes(ByteBuffer out, int[] values, int bytes) {
    for (int plane = 0; plane < bytes; plane++) {
      for (int value : values) {
        out.put((byte) (value >>> (8 * plane)));
      }
    }
  }

  // ---- reading --------------------------------------------------------------------------------

  /**
   * Reads them back.
   *
   * @param file for messages
   * @throws CheckpointException if they are damaged, or not of these sequences
   */
  static Answers read(byte[] bytes, LogitsHeader header, int sequences, Path file) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long most = (long) sequences * header.contextLength();
    int targets = bytes.length < Integer.BYTES ? -1 : in.getInt();
    if (targets < 0 || targets > most) {
      throw damaged(file, "has " + targets + " targets, of at most " + most);
    }
    ByteBuffer plain = unpack(in, size(header, sequences, targets), file);
    StoredLogs stored = header.storedAs();
    int[] counts = planes(plain, sequences, Integer.BYTES);
    int[] ids = planes(plain, targets * header.topK(), idBytes(header));
    float[] logs = logs(plain, targets * header.topK(), stored);
    Answers answers = new Answers(counts, ids, logs, logs(plain, targets, stored));
    answers.check(header, file);
    return answers;
  }

  private static ByteBuffer unpack(ByteBuffer in, long size, Path file) {
    byte[] packed = new byte[in.remaining()];
    in.get(packed);
    byte[] plain = new byte[Math.toIntExact(size)];
    long unpacked;
    try {
      unpacked = Zstd.decompressByteArray(plain, 0, plain.length, packed, 0, packed.length);
    } catch (ZstdException e) {
      throw new CheckpointException(
          file + ": cannot be unpacked: " + e.getMessage() + "; it was damaged, so make it anew",
          e);
    }
    if (unpacked != size) {
      throw damaged(file, "unpacks to " + unpacked + " bytes, not to " + size);
    }
    return ByteBuffer.wrap(plain);
  }

  private static int[] planes(ByteBuffer in, int count, int bytes) {
    int[] values = new int[count];
    for (int plane = 0; plane < bytes; plane++) {
      for (int i = 0; i < count; i++) {
        values[i] |= (in.get() & 0xff) << (8 * plane);
      }
    }
    return values;
  }

  private static float[] logs(ByteBuffer in, int count, StoredLogs stored) {
    int[] bits = planes(in, count, stored.bytes());
    float[] logs = new float[count];
    for (int i = 0; i < count; i++) {
      logs[i] = stored.fromBits(bits[i]);
    }
    return logs;
  }

  private void check(LogitsHeader header, Path file) {
    long sum = 0;
    for (int count : counts) {
      if (count < 0 || count > header.contextLength()) {
        throw damaged(file, "has a sequence with " + count + " targets");
      }
      sum += count;
    }
    if (sum != logRest.length) {
      throw damaged(file, "has " + logRest.length + " targets, but sequences have " + sum);
    }
    for (int id : ids) {
      if (id < 0 || id >= header.vocabularySize()) {
        throw damaged(file, "has the id " + id + " of " + header.vocabularySize());
      }
    }
  }

  private static CheckpointException damaged(Path file, String what) {
    return new CheckpointException(
        String.format(Locale.ROOT, "%s: %s; it was damaged, so make it anew", file, what));
  }
}
