package io.kanana.data.document;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** A stored response of a web server. */
final class HttpResponse {
  private static final int MAX_HEAD = 1 << 20;
  private static final int TEXT_HEAD = 1024;
  private static final Pattern STATUS =
      Pattern.compile("HTTP/\\d(?:\\.\\d)?\\s+(\\d{3})(?:\\s.*)?");

  private final int status;
  private final Map<String, String> fields;
  private final byte[] content;

  private HttpResponse(int status, Map<String, String> fields, byte[] content) {
    this.status = status;
    this.fields = fields;
    this.content = content;
  }

  /** The response, or null where the bytes are none. */
  static HttpResponse of(byte[] block) {
    int end = headEnd(block);
    String head = new String(block, 0, end, StandardCharsets.ISO_8859_1);
    String[] lines = head.split("\r?\n", -1);
    Matcher status = STATUS.matcher(lines[0]);
    if (!status.matches()) {
      return null;
    }
    Map<String, String> fields = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        fields.putIfAbsent(name, line.substring(colon + 1).strip());
      }
    }
    byte[] content = new byte[block.length - end];
    System.arraycopy(block, end, content, 0, content.length);
    return new HttpResponse(Integer.parseInt(status.group(1)), fields, content);
  }

  /** Where the body begins: behind the first empty line. */
  private static int headEnd(byte[] block) {
    int limit = Math.min(block.length, MAX_HEAD);
    for (int i = 0; i < limit; i++) {
      if (block[i] == '\n') {
        int next = i + 1 < limit && block[i + 1] == '\r' ? i + 2 : i + 1;
        if (next < limit && block[next] == '\n') {
          return next + 1;
        }
      }
    }
    return limit;
  }

  int status() {
    return status;
  }

  /** A field of the head, empty where there is none. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /**
   * The body without the codings it was sent in, as far as it still has them: crawlers take them
   * off and leave the fields. Null where a coding is unknown or the body would be too long.
   */
  byte[] body(int maxBytes) {
    byte[] plain = content;
    if (field("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      byte[] joined = withoutChunks(content);
      plain = joined == null ? content : joined;
    }
    String coding = field("content-encoding").toLowerCase(Locale.ROOT);
    boolean gzip = plain.length > 2 && plain[0] == 0x1F && (plain[1] & 0xFF) == 0x8B;
    try {
      return switch (coding) {
        case "", "identity", "none" -> plain;
        case "gzip", "x-gzip" ->
            gzip ? bounded(new GZIPInputStream(new ByteArrayInputStream(plain)), maxBytes) : plain;
        case "deflate" -> inflated(plain, maxBytes);
        default -> looksLikeMarkup(plain) ? plain : null;
      };
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Of what is called deflate: zlib, as it should be, or the bare stream that many servers send;
   * else text from which the coding was taken. Null where it is none of them, or too long.
   */
  private static byte[] inflated(byte[] bytes, int maxBytes) {
    for (boolean bare : new boolean[] {false, true}) {
      try {
        return inflated(bytes, bare, maxBytes);
      } catch (IOException e) {
        // it is the other, or none
      }
    }
    return looksLikeText(bytes) ? bytes : null;
  }

  private static byte[] inflated(byte[] bytes, boolean bare, int maxBytes) throws IOException {
    Inflater inflater = new Inflater(bare);
    try {
      ByteArrayInputStream in = new ByteArrayInputStream(bytes);
      byte[] plain = bounded(new InflaterInputStream(in, inflater), maxBytes);
      // a bare stream has no check sum, and the first letters of a text may be one
      if (bare && plain != null && in.available() + inflater.getRemaining() > 0) {
        throw new ZipException("bytes follow the stream");
      }
      return plain;
    } finally {
      inflater.end();
    }
  }

  private static boolean looksLikeText(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, TEXT_HEAD); i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && "\t\n\f\r\u001B".indexOf(bytes[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean looksLikeMarkup(byte[] bytes) {
    int i = 0;
    while (i < bytes.length && bytes[i] <= ' ' && bytes[i] >= 0) {
      i++;
    }
    return i < bytes.length && bytes[i] == '<';
  }

  private static byte[] bounded(InputStream in, int maxBytes) throws IOException {
    try (in) {
      byte[] bytes = in.readNBytes(maxBytes);
      return in.read() >= 0 ? null : bytes;
    }
  }

  /** The chunks joined, or null where the content is not cut into chunks. */
  private static byte[] withoutChunks(byte[] content) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(content.length);
    int at = 0;
    while (at < content.length) {
      int end = at;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      String line = new String(content, at, Math.min(end - at, 64), StandardCharsets.ISO_8859_1);
      String size = line.split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,7}")) {
        return null;
      }
      int length = Integer.parseInt(size, 16);
      if (length == 0) {
        return joined.toByteArray();
      }
      int from = end + 1;
      if (from + length > content.length) {
        return null;
      }
      joined.write(content, from, length);
      at = from + length;
      while (at < content.length && (content[at] == '\r' || content[at] == '\n')) {
        at++;
      }
    }
    return joined.size() == 0 ? null : joined.toByteArray();
  }
}
