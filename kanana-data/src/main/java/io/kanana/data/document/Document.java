package io.kanana.data.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One document. Immutable.
 *
 * @param id names the document within its corpus: the record's own id, or file and line
 * @param text well-formed Unicode: a lone surrogate becomes U+FFFD
 * @param metadata the record's other fields in their order, as JSON values ({@link String}, {@link
 *     Number}, {@link Boolean}, {@link java.util.List}, {@link Map}, or null)
 */
public record Document(String id, String text, Map<String, Object> metadata) {
  public Document {
    text = WellFormed.of(text);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A document of which nothing else is known. */
  public static Document of(String id, String text) {
    return new Document(id, text, Map.of());
  }

  /** The length of the text in bytes of UTF-8, the unit of bits per byte. */
  public long textBytes() {
    return utf8Length(text);
  }

  static long utf8Length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // the two halves of a pair are two bytes each
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
