package io.kanana.data.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Markdown as text: as it stands, without its front matter. */
final class MarkdownText {
  private static final String FENCE = "---";
  private static final String TITLE = "title:";

  private MarkdownText() {}

  /** Metadata: {@code path}, and {@code title} from the front matter or the first heading. */
  static Document document(String id, byte[] content) throws CharacterCodingException {
    String whole = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    String text = whole.startsWith("\uFEFF") ? whole.substring(1) : whole;
    text = text.replace("\r\n", "\n");
    int body = frontMatterEnd(text);
    String rest = text.substring(body).stripLeading();
    if (rest.isBlank()) {
      return null;
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("path", id);
    String title = title(text.substring(0, body), rest);
    if (!title.isEmpty()) {
      metadata.put("title", title);
    }
    return new Document(id, rest, metadata);
  }

  /** Where the text begins; one that is never closed is no front matter. */
  private static int frontMatterEnd(String text) {
    if (!text.startsWith(FENCE + "\n")) {
      return 0;
    }
    int line = FENCE.length() + 1;
    while (line < text.length()) {
      int end = text.indexOf('\n', line);
      int next = end < 0 ? text.length() : end + 1;
      String content = text.substring(line, next).strip();
      if (content.equals(FENCE) || content.equals("...")) {
        return next;
      }
      line = next;
    }
    return 0;
  }

  private static String title(String frontMatter, String text) {
    List<String> named = frontMatter.lines().filter(line -> line.startsWith(TITLE)).toList();
    if (!named.isEmpty()) {
      return unquoted(named.getFirst().substring(TITLE.length()).strip());
    }
    String first = text.lines().findFirst().orElse("");
    return first.startsWith("# ") ? first.substring(2).strip() : "";
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && "\"'".indexOf(value.charAt(0)) >= 0
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
