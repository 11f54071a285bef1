package io.kanana.data.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Lines of UTF-8 of bounded length: memory stays bounded whatever the input holds. */
final class LineReader {
  /** A line, or why it cannot be had; exactly one of the two is null. */
  record Line(String text, Fault fault) {}

  record Fault(String reason, String detail) {}

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int limit;
  private long lineNumber;

  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** The number of the line that was read last, from 1. */
  long lineNumber() {
    return lineNumber;
  }

  /** The next line without its terminator (LF or CR LF), or null at the end. */
  Line next() throws IOException {
    line.reset();
    long length = 0;
    boolean terminated = false;
    while (!terminated && fill()) {
      int end = lineEnd();
      terminated = end < limit;
      length += end - position;
      if (length <= maxBytes) {
        line.write(buffer, position, end - position);
      }
      position = terminated ? end + 1 : end;
    }
    if (!terminated && length == 0) {
      return null;
    }
    lineNumber++;
    return length <= maxBytes ? decode(line.toByteArray()) : tooLong(length);
  }

  private boolean fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return position < limit;
  }

  private int lineEnd() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private Line tooLong(long length) {
    return new Line(
        null, new Fault("too-long", length + " bytes, max-record-bytes is " + maxBytes));
  }

  private Line decode(byte[] bytes) {
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    try {
      ByteBuffer encoded = ByteBuffer.wrap(bytes, 0, length);
      String text = StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
      boolean marked = lineNumber == 1 && text.startsWith(BYTE_ORDER_MARK);
      return new Line(marked ? text.substring(1) : text, null);
    } catch (CharacterCodingException e) {
      return new Line(null, new Fault("not-utf-8", String.valueOf(e.getMessage())));
    }
  }
}
