package io.kanana.data.classify;

import java.util.List;
import java.util.function.BiConsumer;

/** Texts with labels, in an order that every pass repeats. */
public interface LabelledTexts {
  /** Gives each text and its labels to {@code use}. A text without labels teaches nothing. */
  void forEach(BiConsumer<String, List<String>> use);
}
