package io.kanana.data.classify;

import io.kanana.core.error.CheckpointException;
import io.kanana.data.classify.FastTextFormat.Head;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads supervised models of fastText, {@code .bin} and product-quantised {@code .ftz}, of versions
 * 11 and 12. A file is not trusted: sizes are checked against its length before memory is
 * allocated, and every number that becomes an index is checked once, here.
 */
final class FastTextReader {
  private static final String TOO_LARGE =
      "a matrix of %d rows of %d numbers is larger than an array holds";

  private final BoundedReader in;

  private FastTextReader(BoundedReader in) {
    this.in = in;
  }

  /**
   * @throws CheckpointException if the file cannot be read, is damaged or is another kind of model
   */
  static LinearModel read(Path file) {
    try (BoundedReader in = new BoundedReader(file)) {
      return new FastTextReader(in).model();
    }
  }

  private LinearModel model() {
    Head head = head();
    int entries = in.int32();
    int words = in.int32();
    int labels = in.int32();
    in.int64(); // tokens of the training text
    long kept = in.int64();
    if (words < 0 || labels < 1 || entries != (long) words + labels) {
      throw in.damaged(
          "%d entries of the dictionary, %d words and %d labels; there must be a label, and the sum must hold",
          entries, words, labels);
    }
    Vocabulary vocabulary = vocabulary(in.count("entries", entries, 10), words);
    checkTree(head.loss(), vocabulary);
    int[] pruned = kept < 0 ? null : pruned(kept, head.buckets());
    boolean quantized = in.bool();
    if (pruned != null && !quantized) {
      throw in.damaged("the dictionary is pruned, but the model is not quantised");
    }
    RowMatrix input = matrix(quantized, head.dimensions());
    Buckets buckets = buckets(head, words, pruned, input);
    boolean quantizedOutput = in.bool();
    RowMatrix output = matrix(quantized && quantizedOutput, head.dimensions());
    if (output.rows() != labels) {
      throw in.damaged("%d rows for %d labels", output.rows(), labels);
    }
    in.end();
    return new LinearModel(
        head.wordNgrams(),
        head.minSubword(),
        head.maxSubword(),
        head.loss(),
        vocabulary,
        buckets,
        input,
        output);
  }

  private Head head() {
    int magic = in.int32();
    if (magic != FastTextFormat.MAGIC) {
      throw new CheckpointException(
          in.source() + ": is no model of fastText; such a file begins with 793712314 (int32)");
    }
    int version = in.int32();
    if (version != FastTextFormat.VERSION && version != FastTextFormat.WITHOUT_SUBWORDS) {
      throw new CheckpointException(
          in.source() + ": is of version " + version + " of fastText's format; 11 and 12 are read");
    }
    int dimensions = in.int32();
    in.int32(); // window of word vectors
    in.int32(); // epochs
    in.int32(); // least count
    in.int32(); // negative samples
    int wordNgrams = in.int32();
    Loss loss = loss(in.int32());
    supervised(in.int32());
    int buckets = in.int32();
    int minSubword = in.int32();
    int maxSubword = in.int32();
    in.int32(); // updates of the rate
    in.float64(); // threshold of sampling
    Head head =
        new Head(
            dimensions,
            wordNgrams,
            loss,
            buckets,
            minSubword,
            version == FastTextFormat.WITHOUT_SUBWORDS ? 0 : Math.max(0, maxSubword));
    check(head);
    return head;
  }

  private Loss loss(int code) {
    Loss loss = Loss.ofCode(code);
    if (loss == null) {
      throw in.damaged("loss %d; hs 1, ns 2, softmax 3 and ova 4 are known", code);
    }
    return loss;
  }

  private void supervised(int kind) {
    if (kind != FastTextFormat.SUPERVISED) {
      throw new CheckpointException(
          in.source()
              + ": holds word vectors (kind "
              + kind
              + "), not a classifier; a supervised model (kind 3) is needed");
    }
  }

  private void check(Head head) {
    int longest = ClassifierOptions.LONGEST_NGRAM;
    if (head.dimensions() < 1 || head.dimensions() > 1 << 20) {
      throw in.damaged("%d dimensions; there must be 1 .. 1048576", head.dimensions());
    }
    if (head.wordNgrams() > longest || head.maxSubword() > longest) {
      throw in.damaged(
          "n-grams of %d words and %d characters; at most %d are read",
          head.wordNgrams(), head.maxSubword(), longest);
    }
    boolean used = head.wordNgrams() > 1 || head.maxSubword() > 0;
    if (head.buckets() < (used ? 1 : 0)) {
      throw in.damaged("%d buckets; n-grams need at least one", head.buckets());
    }
  }

  private Vocabulary vocabulary(int entries, int words) {
    byte[] bytes = new byte[1 << 12];
    int[] starts = new int[entries + 1];
    long[] counts = new long[entries];
    int[] end = new int[1];
    for (int id = 0; id < entries; id++) {
      bytes = in.text(bytes, starts[id], end);
      starts[id + 1] = end[0];
      counts[id] = in.int64();
      byte type = in.int8();
      if (type != (id < words ? FastTextFormat.WORD : FastTextFormat.LABEL)) {
        throw in.damaged(
            "entry %d of the dictionary is of type %d; %d words (0) come before the labels (1)",
            id, type, words);
      }
    }
    return new Vocabulary(in.source(), Arrays.copyOf(bytes, end[0]), starts, counts, words);
  }

  /** The tree is built from the counts, which must be such as counts are. */
  private void checkTree(Loss loss, Vocabulary vocabulary) {
    if (loss != Loss.HIERARCHICAL_SOFTMAX) {
      return;
    }
    long before = HuffmanTree.UNBUILT;
    long sum = 0;
    for (long count : vocabulary.labelCounts()) {
      if (count < 1 || count > before || (sum += count) >= HuffmanTree.UNBUILT) {
        throw in.damaged(
            "a label with count %d after one with %d; counts must be positive and fall",
            count, before);
      }
      before = count;
    }
  }

  private int[] pruned(long kept, int buckets) {
    int count = in.count("kept buckets", kept, 2L * Integer.BYTES);
    int[] pairs = new int[Math.multiplyExact(2, Math.min(count, 1 << 29))];
    for (int i = 0; i < pairs.length; i += 2) {
      pairs[i] = in.int32();
      pairs[i + 1] = in.int32();
      if (pairs[i] < 0 || pairs[i] >= buckets || pairs[i + 1] < 0) {
        throw in.damaged(
            "bucket %d is kept as %d; there are %d buckets", pairs[i], pairs[i + 1], buckets);
      }
    }
    return pairs;
  }

  private Buckets buckets(Head head, int words, int[] pruned, RowMatrix input) {
    long free = input.rows() - (long) words;
    long needed = pruned == null ? head.buckets() : largestRow(pruned) + 1;
    boolean used = head.wordNgrams() > 1 || head.maxSubword() > 0;
    if (free < (used ? needed : 0)) {
      throw in.damaged(
          "%d rows for %d words and %d buckets; there must be one for each",
          input.rows(), words, needed);
    }
    return pruned == null
        ? Buckets.all(head.buckets(), words)
        : Buckets.pruned(in.source(), head.buckets(), words, pruned);
  }

  private static long largestRow(int[] pruned) {
    long largest = -1;
    for (int i = 1; i < pruned.length; i += 2) {
      largest = Math.max(largest, pruned[i]);
    }
    return largest;
  }

  private RowMatrix matrix(boolean quantized, int dimensions) {
    return quantized ? quantized(dimensions) : dense(dimensions);
  }

  private int rows(long rows, long columns, int dimensions, long bytesOfEach) {
    if (columns != dimensions) {
      throw in.damaged("a matrix of %d columns; the model has %d dimensions", columns, dimensions);
    }
    return in.count("rows", rows, bytesOfEach);
  }

  private DenseRows dense(int dimensions) {
    int rows = rows(in.int64(), in.int64(), dimensions, (long) dimensions * Float.BYTES);
    long numbers = DenseRows.size(rows, dimensions);
    if (numbers > DenseRows.LARGEST) {
      throw in.damaged(TOO_LARGE, rows, dimensions);
    }
    checkHeap(numbers * Float.BYTES);
    DenseRows matrix = new DenseRows(rows, dimensions);
    for (int row = 0; row < rows; row++) {
      in.floats(matrix.values(), matrix.at(row), dimensions);
    }
    return matrix;
  }

  private void checkHeap(long bytes) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new CheckpointException(
          in.source()
              + ": a matrix takes "
              + (bytes >> 20)
              + " MiB, but the heap is at most "
              + (heap >> 20)
              + " MiB; give the JVM more with -Xmx");
    }
  }

  private QuantizedRows quantized(int dimensions) {
    boolean hasNorms = in.bool();
    long rows = in.int64();
    long columns = in.int64();
    int codes = in.int32();
    int count = rows(rows, columns, dimensions, 1);
    byte[] bytes = in.bytes(in.count("codes", codes, 1));
    QuantizedRows.Codebook book = codebook(dimensions);
    if ((long) count * book.parts() != codes) {
      throw in.damaged("%d codes for %d rows of %d parts", codes, count, book.parts());
    }
    if (!hasNorms) {
      return new QuantizedRows(count, book, bytes, null, null);
    }
    byte[] normCodes = in.bytes(in.count("norms", count, 1));
    return new QuantizedRows(count, book, bytes, codebook(1).values(), normCodes);
  }

  private QuantizedRows.Codebook codebook(int expected) {
    int dimensions = in.int32();
    int parts = in.int32();
    int part = in.int32();
    int last = in.int32();
    if (dimensions != expected
        || part < 1
        || part > dimensions
        || parts != Math.ceilDiv(dimensions, part)
        || last != dimensions - (parts - 1) * part) {
      throw in.damaged(
          "%d dimensions in %d parts of %d and a last one of %d; %d dimensions must be cut",
          dimensions, parts, part, last, expected);
    }
    int bytesOfEach = QuantizedRows.CENTROIDS * Float.BYTES;
    in.count("dimensions of centroids", dimensions, bytesOfEach);
    float[] centroids = new float[dimensions * QuantizedRows.CENTROIDS];
    in.floats(centroids, 0, centroids.length);
    return new QuantizedRows.Codebook(dimensions, part, centroids);
  }
}
