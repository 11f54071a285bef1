package io.kanana.data.document;

import io.kanana.data.document.LineReader.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Pages in WARC files (ISO 28500): responses of web servers and resources that hold HTML, and
 * conversions to plain text, each with {@code url}, {@code date}, {@code contentType} and {@code
 * charset}. Other responses are rejected with their reason; records of other types (requests,
 * metadata) are passed over. After a damaged record it goes on at the next line that begins one.
 */
final class WarcReader implements RecordReader {
  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_FIELDS = 1000;
  private static final String VERSION = "WARC/";

  private final HeaderLines in;
  private final FilesConfig config;
  private final RecordPlace place;
  private long records;

  WarcReader(InputStream in, FilesConfig config, RecordPlace place) {
    this.in = new HeaderLines(in, MAX_LINE);
    this.config = config;
    this.place = place;
  }

  @Override
  public long position() {
    return records;
  }

  @Override
  public Document next() throws IOException {
    while (begin()) {
      records++;
      Map<String, String> header = header();
      long length = length(header.get("content-length"));
      if (length < 0) {
        reject("not-warc", "the record has no Content-Length");
      } else {
        Document document = record(header, length);
        if (document != null) {
          return document;
        }
      }
    }
    return null;
  }

  /** Goes to the next record; bytes between records are rejected once. */
  private boolean begin() throws IOException {
    boolean stray = false;
    for (String line = in.next(); line != null; line = in.next()) {
      if (line.startsWith(VERSION)) {
        return true;
      }
      if (!line.isBlank() && !stray) {
        stray = true;
        place.reject(records + 1, new Fault("not-warc", "no record begins where one should"));
      }
    }
    return false;
  }

  private Map<String, String> header() throws IOException {
    Map<String, String> fields = new HashMap<>();
    String line = in.next();
    while (line != null && !line.isEmpty()) {
      int colon = line.indexOf(':');
      if (colon > 0 && fields.size() < MAX_FIELDS) {
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        fields.put(name, line.substring(colon + 1).strip());
      }
      line = in.next();
    }
    return fields;
  }

  private static long length(String field) {
    return field != null && field.matches("\\d{1,18}") ? Long.parseLong(field) : -1;
  }

  private Document record(Map<String, String> header, long length) throws IOException {
    String type = header.getOrDefault("warc-type", "").toLowerCase(Locale.ROOT);
    boolean wanted =
        type.equals("response") || type.equals("resource") || type.equals("conversion");
    if (!wanted || length > config.maxRecordBytes()) {
      if (wanted) {
        reject("too-long", length + " bytes, max-record-bytes is " + config.maxRecordBytes());
      }
      in.skip(length);
      return null;
    }
    byte[] block = in.bytes((int) length);
    return switch (type) {
      case "response" -> response(header, block);
      case "resource" -> page(header, block, contentType(header));
      default -> conversion(header, block);
    };
  }

  private static String contentType(Map<String, String> header) {
    return header.getOrDefault("content-type", "");
  }

  private Document response(Map<String, String> header, byte[] block) {
    HttpResponse response = HttpResponse.of(block);
    if (response == null) {
      reject("not-http", "the response of a web server cannot be read");
      return null;
    }
    if (response.status() / 100 != 2) {
      reject("not-successful", "status " + response.status());
      return null;
    }
    byte[] body = response.body(config.maxRecordBytes());
    if (body == null) {
      reject("not-decodable", "Content-Encoding " + response.field("content-encoding"));
      return null;
    }
    String told = response.field("content-type");
    String identified = header.getOrDefault("warc-identified-payload-type", "");
    return page(header, body, told.isEmpty() ? identified : told);
  }

  private Document page(Map<String, String> header, byte[] body, String contentType) {
    String mediaType = mediaType(contentType);
    if (!isHtml(mediaType, body)) {
      reject("not-html", mediaType.isEmpty() ? "no content type" : mediaType);
      return null;
    }
    HtmlText page = HtmlText.of(body, contentType);
    return document(header, page, mediaType.isEmpty() ? "text/html" : mediaType);
  }

  private Document conversion(Map<String, String> header, byte[] block) {
    String mediaType = mediaType(contentType(header));
    if (!mediaType.equals("text/plain")) {
      reject("not-text", mediaType);
      return null;
    }
    return document(header, HtmlText.of(block, "charset=utf-8"), mediaType);
  }

  private static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isHtml(String mediaType, byte[] body) {
    if (!mediaType.isEmpty()) {
      return mediaType.equals("text/html") || mediaType.equals("application/xhtml+xml");
    }
    int length = Math.min(body.length, 1024);
    String head = new String(body, 0, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return head.contains("<html") || head.contains("<!doctype html");
  }

  private Document document(Map<String, String> header, HtmlText page, String mediaType) {
    if (page.text().isBlank()) {
      reject("text-empty", "the page is blank");
      return null;
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    String url = header.getOrDefault("warc-target-uri", "");
    metadata.put("url", url.replaceAll("^<|>$", ""));
    metadata.put("date", header.getOrDefault("warc-date", ""));
    metadata.put("contentType", mediaType);
    metadata.put("charset", page.charset());
    String own = header.getOrDefault("warc-record-id", "").replaceAll("^<|>$", "");
    return new Document(own.isEmpty() ? place.id(records) : own, page.text(), metadata);
  }

  private void reject(String reason, String detail) {
    place.reject(records, new Fault(reason, detail));
  }

  /** Lines and blocks of one stream, in Latin-1. */
  private static final class HeaderLines {
    private final InputStream in;
    private final int maxLine;

    HeaderLines(InputStream in, int maxLine) {
      this.in = in;
      this.maxLine = maxLine;
    }

    /** The next line, cut where it is too long; null at the end. */
    String next() throws IOException {
      StringBuilder line = new StringBuilder();
      int c = in.read();
      if (c < 0) {
        return null;
      }
      while (c >= 0 && c != '\n') {
        if (line.length() < maxLine) {
          line.append((char) c);
        }
        c = in.read();
      }
      int length = line.length();
      return length > 0 && line.charAt(length - 1) == '\r'
          ? line.substring(0, length - 1)
          : line.toString();
    }

    byte[] bytes(int count) throws IOException {
      // grows with what is there, not with what is claimed
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw truncated();
      }
      return bytes;
    }

    void skip(long count) throws IOException {
      byte[] buffer = new byte[1 << 13];
      long left = count;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw truncated();
        }
        left -= read;
      }
    }

    private static EOFException truncated() {
      return new EOFException("the file ends within a record");
    }
  }
}
