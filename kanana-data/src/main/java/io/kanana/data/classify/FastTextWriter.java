package io.kanana.data.classify;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/** Writes a trained model as fastText's {@code .bin}, version 12, which fastText loads. */
final class FastTextWriter {
  private static final int WINDOW = 5;
  private static final int NEGATIVES = 5;
  private static final int RATE_UPDATES = 100;
  private static final double SAMPLING = 1e-4;
  private static final int UNPRUNED = -1;

  private final OutputStream out;

  private FastTextWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * @param options those the model was trained with
   */
  static void write(LinearModel model, ClassifierOptions options, WritableByteChannel channel)
      throws IOException {
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    FastTextWriter writer = new FastTextWriter(out);
    writer.head(options, model);
    writer.vocabulary(model.vocabulary());
    writer.matrix((DenseRows) model.input());
    writer.matrix((DenseRows) model.output());
    out.flush();
  }

  private void head(ClassifierOptions options, LinearModel model) throws IOException {
    int[] numbers = {
      FastTextFormat.MAGIC,
      FastTextFormat.VERSION,
      options.dimensions(),
      WINDOW,
      options.epochs(),
      options.minCount(),
      NEGATIVES,
      options.wordNgrams(),
      options.loss().code(),
      FastTextFormat.SUPERVISED,
      model.buckets().count(),
      options.minSubword(),
      options.maxSubword(),
      RATE_UPDATES
    };
    for (int number : numbers) {
      int32(number);
    }
    int64(Double.doubleToLongBits(SAMPLING));
  }

  private void vocabulary(Vocabulary vocabulary) throws IOException {
    int32(vocabulary.size());
    int32(vocabulary.words());
    int32(vocabulary.labels());
    long tokens = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      tokens += vocabulary.count(id);
    }
    int64(tokens);
    int64(UNPRUNED);
    for (int id = 0; id < vocabulary.size(); id++) {
      out.write(vocabulary.entry(id));
      out.write(0);
      int64(vocabulary.count(id));
      out.write(id < vocabulary.words() ? FastTextFormat.WORD : FastTextFormat.LABEL);
    }
  }

  /** A matrix, and before it that it is not quantised. */
  private void matrix(DenseRows matrix) throws IOException {
    out.write(0);
    int64(matrix.rows());
    int64(matrix.dimensions());
    ByteBuffer row =
        ByteBuffer.allocate(matrix.dimensions() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < matrix.rows(); i++) {
      row.asFloatBuffer().put(matrix.values(), matrix.at(i), matrix.dimensions());
      out.write(row.array());
    }
  }

  private void int32(int value) throws IOException {
    out.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void int64(long value) throws IOException {
    out.write(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
