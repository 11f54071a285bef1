package io.kanana.core.error;

/**
 * How many damaged inputs a test gives a reader: few enough for every build, and as many as {@code
 * -Dkanana.fuzz=N} says where a job looks longer ({@code scripts/fuzz}).
 */
public final class FuzzInputs {
  private FuzzInputs() {}

  /**
   * @param usual how many where nothing is said
   */
  public static int count(int usual) {
    return Integer.getInteger("kanana.fuzz", usual);
  }
}
