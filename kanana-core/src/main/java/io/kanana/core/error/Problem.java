package io.kanana.core.error;

import java.io.Serializable;

/**
 * One mistake in a configuration.
 *
 * @param path where it is, in the notation of {@code --set}: {@code optimizer.learning-rate}
 * @param message the value found, the rule, and what to do
 */
public record Problem(String path, String message) implements Serializable {
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
