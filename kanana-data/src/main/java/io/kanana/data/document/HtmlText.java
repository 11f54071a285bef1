package io.kanana.data.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of a page as text. Its charset is told by a byte order mark, else by the server, else by
 * the page; where nobody says, by what the bytes are in without a fault: UTF-8, Korean, and at last
 * windows-1252, which takes any byte. What does not fit a charset that was told becomes U+FFFD.
 *
 * @param charset its name, in lower case
 */
record HtmlText(String text, String charset) {
  /** Pages must name their charset within the first 1,024 bytes; some do not. */
  private static final int HEAD = 4096;

  private static final Pattern CHARSET =
      Pattern.compile("(?:charset|encoding)\\s{0,9}=\\s{0,9}[\"']?\\s{0,9}([\\w:.-]{1,40})");

  // browsers take these names for their extensions
  private static final Map<String, String> WIDER =
      Map.of(
          "euc-kr", "x-windows-949",
          "ks_c_5601-1987", "x-windows-949",
          "ksc5601", "x-windows-949",
          "cp949", "x-windows-949",
          "iso-8859-1", "windows-1252",
          "us-ascii", "windows-1252",
          "gb2312", "gb18030",
          "shift_jis", "windows-31j");

  private static final List<String> GUESSES = List.of("utf-8", "x-windows-949");

  /** A file as a document, its charset in the metadata; null where it is blank. */
  static Document document(String id, byte[] content) {
    HtmlText page = of(content, "");
    return page.text.isBlank()
        ? null
        : new Document(id, page.text, Map.of("charset", page.charset));
  }

  /**
   * @param contentType as the server said it, or empty
   */
  static HtmlText of(byte[] bytes, String contentType) {
    String mark = byteOrderMark(bytes);
    if (!mark.isEmpty()) {
      String text = new String(bytes, Charset.forName(mark));
      return new HtmlText(text.startsWith("\uFEFF") ? text.substring(1) : text, mark);
    }
    String named = named(contentType);
    if (named.isEmpty()) {
      named = named(head(bytes));
    }
    return named.isEmpty() ? guessed(bytes) : decoded(bytes, named);
  }

  private static String head(byte[] bytes) {
    return new String(bytes, 0, Math.min(HEAD, bytes.length), StandardCharsets.ISO_8859_1);
  }

  private static String byteOrderMark(byte[] bytes) {
    if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB) {
      return bytes[2] == (byte) 0xBF ? "utf-8" : "";
    }
    if (bytes.length < 2) {
      return "";
    }
    int first = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
    return first == 0xFEFF ? "utf-16be" : first == 0xFFFE ? "utf-16le" : "";
  }

  /** The first charset named that there is, or empty. */
  private static String named(String text) {
    Matcher matcher = CHARSET.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      String name = WIDER.getOrDefault(matcher.group(1), matcher.group(1));
      // a page that was read as bytes of ASCII is not in UTF-16, whatever it says
      if (!name.startsWith("utf-16") && !name.startsWith("utf-32") && exists(name)) {
        return name;
      }
    }
    return "";
  }

  private static boolean exists(String name) {
    try {
      return Charset.forName(name).newDecoder() != null;
    } catch (IllegalCharsetNameException
        | UnsupportedCharsetException
        | UnsupportedOperationException e) {
      return false;
    }
  }

  private static HtmlText decoded(byte[] bytes, String name) {
    return new HtmlText(new String(bytes, Charset.forName(name)), name);
  }

  private static HtmlText guessed(byte[] bytes) {
    for (String name : GUESSES) {
      try {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        return new HtmlText(Charset.forName(name).newDecoder().decode(all).toString(), name);
      } catch (CharacterCodingException e) {
        // the next guess
      }
    }
    return decoded(bytes, "windows-1252");
  }
}
