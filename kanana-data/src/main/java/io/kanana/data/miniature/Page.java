package io.kanana.data.miniature;

import java.util.LinkedHashMap;
import java.util.Map;

/** A page before it has an address. */
record Page(Language language, String text, Map<String, Object> metadata) {
  Page withText(String changed) {
    return new Page(language, changed, metadata);
  }

  Page with(String key, String value) {
    Map<String, Object> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new Page(language, text, more);
  }
}
