package io.kanana.eval.execute;

/**
 * What trying a guarantee has shown.
 *
 * @param held whether everything that was tried against it failed
 * @param seen what was possible; empty where it held
 */
public record Finding(Guarantee guarantee, boolean held, String seen) {
  @Override
  public String toString() {
    return held
        ? guarantee.promise()
        : "NOT: " + guarantee.promise() + " (" + seen + "; needs " + guarantee.needs() + ")";
  }
}
