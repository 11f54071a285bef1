package io.kanana.data.document;

import static io.kanana.data.document.Archives.compress;
import static io.kanana.data.document.Archives.tar;
import static io.kanana.data.document.Archives.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.Corpora;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MediaWiki dumps and source archives of papers. */
class MarkupReadersTest {
  private static final String MAIN =
      "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n";

  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  private List<Document> read(String name, byte[] bytes, Format format) throws IOException {
    Path file = Files.write(directory.resolve(name), bytes);
    FilesConfig config =
        FilesConfig.of(file.toString(), format, "text", Split.NONE, OnCorruptFile.SKIP, 1 << 20);
    return Corpora.read(config.create(), rejected::add);
  }

  static String page(int id, int namespace, String beside, String text) {
    return """
          <page>
            <title>Page %d</title>
            <ns>%d</ns>
            <id>%d</id>%s
            <revision>
              <id>99</id>
              <timestamp>2024-05-01T00:00:00Z</timestamp>
              <contributor><id>5</id></contributor>
              <text bytes="3" xml:space="preserve">%s</text>
            </revision>
          </page>
        """
        .formatted(id, namespace, id, beside, text);
  }

  static String dump(String... pages) {
    return "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\" xml:lang=\"ko\">\n"
        + "  <siteinfo><sitename>x</sitename></siteinfo>\n"
        + String.join("", pages)
        + "</mediawiki>\n";
  }

  @Test
  void articlesOfADumpBecomeDocuments() throws IOException {
    String dump =
        dump(
            page(1, 0, "", "'''One''' &lt;math&gt;x&lt;/math&gt;\n== A ==\ntext"),
            page(2, 1, "", "talk"),
            page(3, 0, "<redirect title=\"Page 1\" />", "#REDIRECT [[Page 1]]"),
            page(4, 0, "", "four"));
    List<Document> documents = read("d.xml.bz2", compress(utf8(dump), "bzip2"), Format.AUTO);
    assertThat(documents)
        .extracting(Document::text)
        .containsExactly("'''One''' <math>x</math>\n== A ==\ntext", "four");
    assertThat(documents.getFirst().id()).isEqualTo("d.xml.bz2:1");
    assertThat(documents.getFirst().metadata())
        .isEqualTo(
            Map.of(
                "title", "Page 1", "pageId", "1", "namespace", 0, "date", "2024-05-01T00:00:00Z"));
    assertThat(rejected).isEmpty();
  }

  @Test
  void aDamagedPageCostsItselfAlone() throws IOException {
    String unclosed = page(2, 0, "", "two").replace("</page>", "");
    String crossed = page(3, 0, "", "three").replace("</revision>", "</text>");
    String entity = page(4, 0, "", "&file;");
    String dump = dump(page(1, 0, "", "one"), unclosed, crossed, entity, page(5, 0, "", "five"));
    assertThat(read("d.xml", utf8(dump), Format.MEDIAWIKI))
        .extracting(Document::text)
        .containsExactly("one", "five");
    assertThat(rejected)
        .extracting(RejectedRecord::reason)
        .containsExactly("unclosed-page", "not-xml", "not-xml");
    rejected.clear();
    assertThat(read("e.xml", utf8(dump(unclosed)), Format.MEDIAWIKI)).isEmpty();
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("unclosed-page");
  }

  @Test
  void nothingThatADumpNamesIsOpened() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret.txt"), "secret");
    String declared =
        "<!DOCTYPE x [<!ENTITY file SYSTEM \""
            + secret.toUri()
            + "\">]>\n"
            + dump(page(1, 0, "", "&file;"));
    assertThat(read("d.xml", utf8(declared), Format.AUTO)).isEmpty();
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("not-xml");
  }

  @Test
  void manyEntitiesAndLongPagesAreRead() throws IOException {
    String text = "&lt;b&gt; &amp;amp; ".repeat(30_000);
    assertThat(read("d.xml", utf8(dump(page(1, 0, "", text))), Format.AUTO)).hasSize(1);
    assertThat(read("e.xml", utf8(dump(page(1, 0, "", text + text + text + text))), Format.AUTO))
        .isEmpty();
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("too-long");
  }

  /** Within the longest line that is read by default. */
  @ParameterizedTest
  @CsvSource({"<page>,1000000", "<page></page>,0"})
  void manyPagesInOneLineTakeLinearTime(String page, long unclosed) throws IOException {
    Path file = Files.writeString(directory.resolve("d.xml"), page.repeat(1_000_000));
    FilesConfig config =
        FilesConfig.of(
            file.toString(), Format.MEDIAWIKI, "text", Split.NONE, OnCorruptFile.SKIP, 16 << 20);
    long[] faults = new long[1];
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(2), () -> Corpora.read(config.create(), record -> faults[0]++));
    assertThat(faults[0]).isEqualTo(unclosed);
  }

  @Test
  void pagesInOneLineAreToldApart() throws IOException {
    String unclosed = page(2, 0, "", "two").replace("</page>", "");
    String dump = dump(page(1, 0, "", "one"), unclosed, page(3, 0, "", "three"));
    assertThat(read("d.xml", utf8(dump.replace("\n", " ")), Format.MEDIAWIKI))
        .extracting(Document::text)
        .containsExactly("one", "three");
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("unclosed-page");
  }

  private static Map<String, byte[]> files(String... namesAndTexts) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.put(namesAndTexts[i], utf8(namesAndTexts[i + 1]));
    }
    return files;
  }

  @Test
  void inclusionsAreResolvedWithinTheArchive() throws IOException {
    byte[] paper =
        tar(
            files(
                "intro.tex",
                "Intro. \\input{sections/deep}",
                "sections/deep.tex",
                "Deep. % \\input{intro}\n",
                "paper.tex",
                MAIN.formatted(
                    "First. \\input intro\n% \\input{sections/deep}\n\\include{./sections/../end}"
                        + "\\input{missing}\\input{/etc/passwd}"),
                "end.tex",
                "End.",
                "figure.eps",
                "%!PS"));
    List<Document> documents = read("0001.tar.gz", compress(paper, "gzip"), Format.LATEX);
    assertThat(documents).hasSize(1);
    assertThat(documents.getFirst().metadata()).containsEntry("main", "paper.tex");
    assertThat(documents.getFirst().text())
        .contains("First. Intro. Deep. % \\input{intro}\n\n% \\input{sections/deep}\nEnd.\n");
  }

  @Test
  void aPaperThatIncludesItselfEnds() throws IOException {
    String wide = "\\input{b}".repeat(50);
    byte[] paper =
        tar(
            files(
                "a.tex",
                MAIN.formatted("One. \\input{a} \\input{b} Two."),
                "b.tex",
                "B \\input{a} \\input{b} \\input{c}",
                "c.tex",
                "C" + wide.replace("{b}", "{d}"),
                "d.tex",
                "D" + wide.replace("{b}", "{e}"),
                "e.tex",
                "E" + wide.replace("{b}", "{f}"),
                "f.tex",
                "F"));
    List<Document> documents = read("a.tar", paper, Format.LATEX);
    assertThat(documents).hasSize(1);
    assertThat(documents.getFirst().text())
        .startsWith("\\documentclass")
        .contains("One.", "B ", "Two.");
    assertThat(documents.getFirst().text().length()).isLessThan(1 << 20);
  }

  @Test
  void anArchiveMayHoldManyPapers() throws IOException {
    Map<String, byte[]> month = new LinkedHashMap<>();
    month.put("0001/1.gz", compress(tar(files("m.tex", MAIN.formatted("one"))), "gzip"));
    month.put("0001/2.gz", compress(utf8(MAIN.formatted("two")), "gzip"));
    month.put("0001/3.gz", compress(utf8("no paper"), "gzip"));
    byte[] cut = compress(utf8(MAIN.formatted("four")), "gzip");
    month.put("0001/4.gz", java.util.Arrays.copyOf(cut, cut.length - 9));
    month.put(
        "0001/5.gz",
        compress("\\documentstyle{a} caf\u00e9".getBytes(StandardCharsets.ISO_8859_1), "gzip"));
    assertThat(read("arXiv.tar", tar(month), Format.LATEX))
        .extracting(Document::id)
        .containsExactly("arXiv.tar!0001/1.gz", "arXiv.tar!0001/2.gz", "arXiv.tar!0001/5.gz");
    assertThat(rejected)
        .extracting(RejectedRecord::reason)
        .containsExactlyInAnyOrder("no-main-file", "corrupt-file");
  }
}
