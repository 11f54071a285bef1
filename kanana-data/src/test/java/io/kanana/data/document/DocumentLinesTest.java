package io.kanana.data.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentLinesTest {
  private static List<Document> read(byte[] lines) {
    List<Document> documents = new ArrayList<>();
    try (DocumentStream stream = DocumentLines.read(new ByteArrayInputStream(lines), "place")) {
      for (Document next = stream.next(); next != null; next = stream.next()) {
        documents.add(next);
      }
    }
    return documents;
  }

  @Test
  void whatIsWrittenReadsBack() throws IOException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("nothing", null);
    metadata.put("numbers", Arrays.asList(1, 2.5, 10_000_000_000L, true, null));
    metadata.put("deep", Map.of("key", List.of(Map.of("한", "글"))));
    List<Document> documents =
        List.of(
            new Document("a \"quoted\" id", "line\nline\r\n\u2028\u0000 🙂 한글", metadata),
            Document.of("", "x"));
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Document document : documents) {
      lines.write(DocumentLines.line(document));
    }
    assertThat(lines.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("{")))
        .hasSize(2);
    assertThat(read(lines.toByteArray())).isEqualTo(documents);
  }

  @Test
  void metadataGiveWayToIdAndText() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("text", 1);
    metadata.put("text_", 2);
    metadata.put("id", 3);
    Document storable = DocumentLines.storable(new Document("d", "t", metadata));
    assertThat(storable.metadata()).hasToString("{text__=1, text_=2, id_=3}");
    assertThat(DocumentLines.storable(storable)).isSameAs(storable);
  }

  @Test
  void moreFieldsTakeThePlaceOfMetadata() {
    Document document = new Document("d", "t", Map.of("drop", "old"));
    byte[] line = DocumentLines.line(document, Map.of("drop", "new"));
    assertThat(read(line).getFirst().metadata()).hasToString("{drop=new}");
  }

  @Test
  void whatIsNoValueOfJsonIsNamed() {
    Document document = new Document("d7", "t", Map.of("thread", new Object()));
    assertThatThrownBy(() -> DocumentLines.line(document))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metadata of document d7 are no JSON values");
  }

  @Test
  void aDamagedFileIsNamed() {
    byte[] half = "{\"id\": \"a\", \"te".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(half))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("place: cannot be read back (");
  }

  @Test
  void partsOfAnAddress() {
    assertThat(WebAddress.of("HTTP://u@A.org:80/Path?q#f"))
        .isEqualTo(new WebAddress("a.org", ":80", "/Path?q#f"));
    assertThat(WebAddress.of("a.org?q")).isEqualTo(new WebAddress("a.org", "", "?q"));
  }

  @Test
  void hostsOfAddresses() {
    assertThat(WebAddress.host("https://user:pw@WWW.Example.org:8080/a?b#c"))
        .isEqualTo("www.example.org");
    assertThat(WebAddress.host("http://example.org.")).isEqualTo("example.org");
    assertThat(WebAddress.host("http://[::1]:80/")).isEqualTo("[::1]");
    assertThat(WebAddress.host("http://한글.kr?x")).isEqualTo("한글.kr");
    assertThat(WebAddress.host("a.org/?u=http://bad.org/x")).isEqualTo("a.org");
    assertThat(WebAddress.host("http://a.org/?u=http://bad.org/x")).isEqualTo("a.org");
    assertThat(WebAddress.host(" Bad.org:80/x ")).isEqualTo("bad.org");
    assertThat(WebAddress.host("example.org")).isEqualTo("example.org");
    for (String none :
        List.of(
            "",
            "/a/b",
            "http://",
            "http:///x",
            "http:/a.org",
            "about:blank",
            "urn:uuid:1234",
            "see http://a.org",
            "http://" + "a".repeat(300),
            "a".repeat(300))) {
      assertThat(WebAddress.host(none)).as(none).isEmpty();
    }
  }
}
