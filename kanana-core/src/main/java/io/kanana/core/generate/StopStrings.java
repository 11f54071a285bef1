package io.kanana.core.generate;

import io.kanana.core.error.ConfigException;
import java.util.List;

/**
 * Ends a stream of text at the first stop string and never lets a part of one through: text that
 * may be the beginning of a stop string is held back until it is known not to be. How the stream is
 * cut into pieces makes no difference.
 *
 * <p>The first stop string is the one that is complete first; of several that are complete at once,
 * the longest. Not safe for use by several threads.
 */
public final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  public StopStrings(List<String> stops) {
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new ConfigException("stop", "stop strings must not be empty, got " + stops);
    }
    this.stops = List.copyOf(stops);
  }

  /** Whether a stop string came; nothing more is let through then. */
  public boolean stopped() {
    return stopped;
  }

  /** Takes the next piece of text and returns what may be shown now, possibly empty. */
  public String next(String piece) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < piece.length() && !stopped; i++) {
      held.append(piece.charAt(i));
      int length = completed();
      stopped = length > 0;
      int keep = stopped ? length : begun();
      out.append(held, 0, held.length() - keep);
      held.delete(0, held.length() - keep);
    }
    return out.toString();
  }

  /** What was held back at the end of the stream; empty after a stop string. */
  public String flush() {
    String rest = stopped ? "" : held.toString();
    held.setLength(0);
    return rest;
  }

  /** The length of the longest stop string that the held text ends with, or 0. */
  private int completed() {
    return stops.stream()
        .filter(stop -> endsWith(stop, stop.length()))
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }

  /** The length of the longest end of the held text that begins a stop string. */
  private int begun() {
    int longest = 0;
    for (String stop : stops) {
      int length = Math.min(held.length(), stop.length() - 1);
      while (length > longest && !endsWith(stop, length)) {
        length--;
      }
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** Whether the held text ends with the first {@code length} characters of a stop string. */
  private boolean endsWith(String stop, int length) {
    int start = held.length() - length;
    if (start < 0) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (held.charAt(start + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
