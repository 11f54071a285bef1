package io.kanana.data.document;

import static io.kanana.data.document.Archives.compress;
import static io.kanana.data.document.Archives.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.data.Corpora;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarcReaderTest {
  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  static byte[] record(String type, String contentType, byte[] block) {
    String head =
        "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: http://example.org/a\r\n".formatted(type)
            + "WARC-Date: 2024-05-01T00:00:00Z\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(contentType, block.length);
    return joined(utf8(head), block, utf8("\r\n\r\n"));
  }

  static byte[] response(String fields, byte[] body) {
    byte[] head = utf8("HTTP/1.1 " + fields.replace("|", "\r\n") + "\r\n\r\n");
    return record("response", "application/http; msgtype=response", joined(head, body));
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  private List<Document> read(byte[]... parts) throws IOException {
    Path file = Files.write(directory.resolve("a.warc"), joined(parts));
    FilesConfig config =
        FilesConfig.of(
            file.toString(), Format.AUTO, "text", Split.NONE, OnCorruptFile.SKIP, 1 << 20);
    return Corpora.read(config.create(), rejected::add);
  }

  private List<String> reasons() {
    return rejected.stream().map(RejectedRecord::reason).toList();
  }

  @Test
  void responsesWithHtmlBecomeDocuments() throws IOException {
    List<Document> documents =
        read(
            record("warcinfo", "application/warc-fields", utf8("software: x")),
            record("request", "application/http", utf8("GET / HTTP/1.1\r\n\r\n")),
            response(
                "200 OK|Content-Type: text/html; charset=EUC-KR",
                "<p>글".getBytes(Charset.forName("euc-kr"))),
            response("404 Not Found|Content-Type: text/html", utf8("<p>gone")),
            response("200 OK|Content-Type: image/png", utf8("png")),
            response("200 OK", utf8("<!DOCTYPE html><p>no type")),
            record("conversion", "text/plain", utf8("plain text")));
    assertThat(documents)
        .extracting(Document::text)
        .containsExactly("<p>글", "<!DOCTYPE html><p>no type", "plain text");
    assertThat(documents.getFirst().metadata())
        .isEqualTo(
            Map.of(
                "url", "http://example.org/a",
                "date", "2024-05-01T00:00:00Z",
                "contentType", "text/html",
                "charset", "x-windows-949"));
    assertThat(reasons()).containsExactly("not-successful", "not-html");
  }

  @Test
  void recordsMayBeCompressedOneByOne() throws IOException {
    byte[] page = response("200 OK|Content-Type: text/html", utf8("<p>one"));
    assertThat(read(compress(page, "gzip"), compress(page, "gzip"))).hasSize(2);
  }

  @Test
  void codingsOfTheBodyAreTakenOff() throws IOException {
    byte[] packed = compress(utf8("<p>packed"), "gzip");
    String html = "200 OK|Content-Type: text/html|";
    assertThat(
            read(
                response(html + "Content-Encoding: gzip", packed),
                response(html + "Content-Encoding: gzip", utf8("<p>taken off")),
                response(
                    html + "Transfer-Encoding: chunked",
                    utf8("5\r\n<p>ch\r\n4;x=y\r\nunks\r\n0\r\n\r\n")),
                response(html + "Content-Encoding: br", new byte[] {3, 1, 2})))
        .extracting(Document::text)
        .containsExactly("<p>packed", "<p>taken off", "<p>chunks");
    assertThat(reasons()).containsExactly("not-decodable");
  }

  private static byte[] deflated(String text, boolean bare) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, bare);
    deflater.setInput(utf8(text));
    deflater.finish();
    byte[] bytes = new byte[2 * text.length() + 100];
    int length = deflater.deflate(bytes);
    deflater.end();
    return Arrays.copyOf(bytes, length);
  }

  @Test
  void deflateIsReadAsServersSendIt() throws IOException {
    String fields = "200 OK|Content-Type: text/html|Content-Encoding: deflate";
    StringBuilder numbers = new StringBuilder("<p>");
    RandomKey key = RandomKey.of(1);
    for (int i = 0; i < 100; i++) {
      numbers.append(key.bits(i)).append(' ');
    }
    String page = numbers.toString();
    byte[] bare = deflated(page, true);
    assertThat(
            read(
                response(fields, deflated(page, false)),
                response(fields, bare),
                response(fields, utf8(page)),
                response(fields, utf8("some text, from which the coding was taken")),
                response(fields, Arrays.copyOf(bare, bare.length / 2)),
                response(fields, deflated("x".repeat(2 << 20), true))))
        .extracting(Document::text)
        .containsExactly(page, page, page, "some text, from which the coding was taken");
    assertThat(reasons()).containsExactly("not-decodable", "not-decodable");
  }

  @Test
  void damageCostsTheRecordItIsIn() throws IOException {
    byte[] page = response("200 OK|Content-Type: text/html", utf8("<p>one"));
    byte[] lost = utf8("WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n");
    byte[] longer = response("200 OK|Content-Type: text/html", new byte[2 << 20]);
    assertThat(read(page, utf8("stray\r\nbytes\r\n"), lost, longer, page)).hasSize(2);
    assertThat(reasons()).containsExactly("not-warc", "not-warc", "not-warc", "too-long");
    rejected.clear();
    assertThat(read(page, Arrays.copyOf(page, page.length - 8))).hasSize(1);
    assertThat(reasons()).containsExactly("corrupt-file");
  }
}
