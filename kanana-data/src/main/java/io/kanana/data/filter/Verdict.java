package io.kanana.data.filter;

import io.kanana.data.document.Document;

/** What a step says about one document. */
public sealed interface Verdict {
  /**
   * The document goes on to the next step.
   *
   * @param document the same object where the step changed nothing
   */
  record Keep(Document document) implements Verdict {}

  /**
   * The document goes no further.
   *
   * @param reason the fault, in kebab-case: {@code too-few-words}, {@code duplicate}, ...
   * @param measured the value that decided, as a JSON value: a {@link Number}, a {@link String}, or
   *     null where there is nothing to measure
   */
  record Drop(String reason, Object measured) implements Verdict {}

  /** A document that goes on. */
  static Verdict keep(Document document) {
    return new Keep(document);
  }

  /** A document that goes no further. */
  static Verdict drop(String reason, Object measured) {
    return new Drop(reason, measured);
  }
}
