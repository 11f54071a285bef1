package io.kanana.data.classify;

import io.kanana.core.random.RandomKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A small quantised model with a pruned dictionary, written byte by byte as fastText does. */
final class QuantizedModels {
  private static final int DIMENSIONS = 5;
  private static final int PART = 2;
  private static final int PARTS = 3;
  private static final List<String> WORDS = List.of("</s>", "the", "red", "푸른");
  private static final List<String> LABELS = List.of("__label__a", "__label__b");
  private static final int[] KEPT = {3, 0, 17, 2, 39, 1};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final RandomKey key = RandomKey.of(1);
  private int drawn;

  private QuantizedModels() {}

  static byte[] pruned() {
    QuantizedModels model = new QuantizedModels();
    model.write();
    return model.out.toByteArray();
  }

  private void write() {
    ints(793_712_314, 12, DIMENSIONS, 5, 1, 1, 5, 2, Loss.SOFTMAX.code(), 3, 40, 2, 3, 100);
    int64(0);
    ints(WORDS.size() + LABELS.size(), WORDS.size(), LABELS.size());
    int64(100);
    int64(KEPT.length / 2);
    WORDS.forEach(word -> entry(word, 0));
    LABELS.forEach(label -> entry(label, 1));
    ints(KEPT);
    out.write(1);
    quantized(WORDS.size() + KEPT.length / 2);
    out.write(0);
    int64(LABELS.size());
    int64(DIMENSIONS);
    floats(LABELS.size() * DIMENSIONS);
  }

  private void entry(String text, int type) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
    int64(10);
    out.write(type);
  }

  private void quantized(int rows) {
    out.write(1);
    int64(rows);
    int64(DIMENSIONS);
    ints(rows * PARTS);
    codes(rows * PARTS);
    ints(DIMENSIONS, PARTS, PART, DIMENSIONS - (PARTS - 1) * PART);
    floats(DIMENSIONS * QuantizedRows.CENTROIDS);
    codes(rows);
    ints(1, 1, 1, 1);
    floats(QuantizedRows.CENTROIDS);
  }

  private void codes(int count) {
    for (int i = 0; i < count; i++) {
      out.write(key.below(drawn++, 256));
    }
  }

  private void floats(int count) {
    for (int i = 0; i < count; i++) {
      ints(Float.floatToIntBits((float) key.uniform(drawn++)));
    }
  }

  private void ints(int... values) {
    for (int value : values) {
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
  }

  private void int64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
