package io.kanana.data.miniature;

import java.util.Locale;

/** What can be wrong with a page of the miniature web, where faults are asked for. */
public enum FaultKind {
  /** The text of an earlier page once more. */
  EXACT_DUPLICATE,
  /** An earlier page with a few words changed. */
  NEAR_DUPLICATE,
  /** Lines of menus, notices about cookies and the like around the text. */
  BOILERPLATE,
  /** Something that belongs to a person, as a number with a right check digit. */
  PERSONAL_DATA,
  /** What looks like personal data and is none; a fault only to who takes it for some. */
  LOOK_ALIKE,
  /** A page in Japanese or French. */
  WRONG_LANGUAGE,
  /** Text that was read in another encoding than it was written in. */
  MOJIBAKE,
  /** An item of the {@link Exam}, word by word. */
  BENCHMARK_LEAK,
  /** Words for search engines, over and over. */
  SPAM,
  /** A page that was broken off in its first words. */
  TOO_SHORT;

  /** As in {@code exact-duplicate}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
