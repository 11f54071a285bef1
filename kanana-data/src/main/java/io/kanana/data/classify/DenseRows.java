package io.kanana.data.classify;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A matrix of floats, each row padded with zeros to whole vectors of the processor. Reading is safe
 * for several threads, writing for one.
 */
final class DenseRows implements RowMatrix {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Numbers in a vector of the processor. */
  static final int LANES = SPECIES.length();

  /** The most numbers, padding included: what an array holds. */
  static final long LARGEST = Integer.MAX_VALUE - 8;

  private final int rows;
  private final int dimensions;
  private final int stride;
  private final float[] values;

  /**
   * A matrix of zeros.
   *
   * @throws IllegalArgumentException if it is larger than {@link #LARGEST}
   */
  DenseRows(int rows, int dimensions) {
    this.rows = rows;
    this.dimensions = dimensions;
    this.stride = stride(dimensions);
    long size = size(rows, dimensions);
    if (size > LARGEST) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d numbers do not fit an array", size));
    }
    this.values = new float[(int) size];
  }

  /** The length of a padded vector. */
  static int stride(int dimensions) {
    return Math.ceilDiv(dimensions, LANES) * LANES;
  }

  /** Numbers of a matrix with its padding. */
  static long size(long rows, int dimensions) {
    return rows * stride(dimensions);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  /** The numbers themselves; row {@code r} begins at {@link #at}{@code (r)}. */
  float[] values() {
    return values;
  }

  int at(int row) {
    return row * stride;
  }

  @Override
  public void addRows(int[] rows, int count, float[] sum) {
    int column = 0;
    for (; column + 4 * LANES <= stride; column += 4 * LANES) {
      addWide(rows, count, sum, column);
    }
    for (; column < stride; column += LANES) {
      addNarrow(rows, count, sum, column);
    }
  }

  private void addWide(int[] rows, int count, float[] sum, int column) {
    FloatVector a = FloatVector.fromArray(SPECIES, sum, column);
    FloatVector b = FloatVector.fromArray(SPECIES, sum, column + LANES);
    FloatVector c = FloatVector.fromArray(SPECIES, sum, column + 2 * LANES);
    FloatVector d = FloatVector.fromArray(SPECIES, sum, column + 3 * LANES);
    for (int i = 0; i < count; i++) {
      int at = rows[i] * stride + column;
      a = a.add(FloatVector.fromArray(SPECIES, values, at));
      b = b.add(FloatVector.fromArray(SPECIES, values, at + LANES));
      c = c.add(FloatVector.fromArray(SPECIES, values, at + 2 * LANES));
      d = d.add(FloatVector.fromArray(SPECIES, values, at + 3 * LANES));
    }
    a.intoArray(sum, column);
    b.intoArray(sum, column + LANES);
    c.intoArray(sum, column + 2 * LANES);
    d.intoArray(sum, column + 3 * LANES);
  }

  /** Four sums at once, since one addition waits for the one before. */
  private void addNarrow(int[] rows, int count, float[] sum, int column) {
    FloatVector a = FloatVector.fromArray(SPECIES, sum, column);
    FloatVector b = FloatVector.zero(SPECIES);
    FloatVector c = b;
    FloatVector d = b;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      a = a.add(FloatVector.fromArray(SPECIES, values, rows[i] * stride + column));
      b = b.add(FloatVector.fromArray(SPECIES, values, rows[i + 1] * stride + column));
      c = c.add(FloatVector.fromArray(SPECIES, values, rows[i + 2] * stride + column));
      d = d.add(FloatVector.fromArray(SPECIES, values, rows[i + 3] * stride + column));
    }
    for (; i < count; i++) {
      a = a.add(FloatVector.fromArray(SPECIES, values, rows[i] * stride + column));
    }
    a.add(b).add(c.add(d)).intoArray(sum, column);
  }

  /** Adds a vector to the first {@code count} of these rows; to one that comes twice, twice. */
  void addToRows(float[] vector, int[] rows, int count) {
    for (int column = 0; column < stride; column += LANES) {
      FloatVector delta = FloatVector.fromArray(SPECIES, vector, column);
      for (int i = 0; i < count; i++) {
        int at = rows[i] * stride + column;
        FloatVector.fromArray(SPECIES, values, at).add(delta).intoArray(values, at);
      }
    }
  }

  /** Adds {@code factor} times a vector to a row. */
  void addToRow(float[] vector, float factor, int row) {
    int at = at(row);
    for (int column = 0; column < stride; column += LANES) {
      FloatVector.fromArray(SPECIES, vector, column)
          .mul(factor)
          .add(FloatVector.fromArray(SPECIES, values, at + column))
          .intoArray(values, at + column);
    }
  }

  /** Adds {@code factor} times a row to a vector. */
  void addRow(int row, float factor, float[] sum) {
    int at = at(row);
    for (int column = 0; column < stride; column += LANES) {
      FloatVector.fromArray(SPECIES, values, at + column)
          .mul(factor)
          .add(FloatVector.fromArray(SPECIES, sum, column))
          .intoArray(sum, column);
    }
  }

  @Override
  public float dot(int row, float[] vector, float[] lanes) {
    int at = at(row);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int column = 0; column < stride; column += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, vector, column);
      sum = sum.add(FloatVector.fromArray(SPECIES, values, at + column).mul(factor));
    }
    sum.intoArray(lanes, 0);
    // not reduceLanes, whose order is another before the method is compiled
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }
}
