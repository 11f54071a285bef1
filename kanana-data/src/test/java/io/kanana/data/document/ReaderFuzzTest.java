package io.kanana.data.document;

import static io.kanana.data.document.Archives.compress;
import static io.kanana.data.document.Archives.tar;
import static io.kanana.data.document.Archives.utf8;
import static io.kanana.data.document.Archives.zip;
import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.error.DataException;
import io.kanana.core.error.FuzzInputs;
import io.kanana.core.random.RandomKey;
import io.kanana.data.Corpora;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import io.kanana.data.extract.HtmlStep;
import io.kanana.data.extract.LatexStep;
import io.kanana.data.extract.WikitextStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import io.kanana.data.parquet.Tables;
import io.kanana.data.parquet.Tables.Encoded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged input of every format: it is read, rejected or refused, never anything else, and each in
 * bounded time. {@code scripts/fuzz} tries more inputs of each format.
 */
class ReaderFuzzTest {
  private static final int INPUTS = FuzzInputs.count(250);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  /** A good input of each kind, which is then damaged. */
  enum Seed {
    JSON_LINES(Format.JSON_LINES),
    TEXT(Format.TEXT),
    MARKDOWN(Format.MARKDOWN),
    HTML(Format.HTML),
    WARC(Format.WARC),
    MEDIAWIKI(Format.MEDIAWIKI),
    LATEX(Format.LATEX),
    PARQUET_PLAIN(Format.PARQUET),
    PARQUET_DICTIONARY(Format.PARQUET),
    PARQUET_DELTA(Format.AUTO),
    GZIP(Format.AUTO),
    ZSTD(Format.AUTO),
    BZIP2(Format.AUTO),
    XZ(Format.AUTO),
    TAR(Format.AUTO),
    ZIP(Format.AUTO);

    private final Format format;

    Seed(Format format) {
      this.format = format;
    }

    byte[] bytes() throws IOException {
      return switch (this) {
        case JSON_LINES ->
            utf8("{\"id\": 1, \"text\": \"글\"}\n{\"text\": \"b\", \"n\": [1, {}]}\n");
        case TEXT -> utf8("first line\r\n두 번째 줄\n\nlast");
        case MARKDOWN -> utf8("---\ntitle: x\n---\n# Head\n\ntext `code` 글\n");
        case HTML -> utf8(page());
        case WARC -> warc();
        case MEDIAWIKI -> utf8(MarkupReadersTest.dump(wiki(1), wiki(2), wiki(3)));
        case LATEX -> tar(paper());
        case PARQUET_PLAIN -> Tables.file(Tables.rows(20), Encoded.PLAIN, false);
        case PARQUET_DICTIONARY -> Tables.file(Tables.rows(20), Encoded.DICTIONARY, false);
        case PARQUET_DELTA -> Tables.file(Tables.rows(20), Encoded.DELTA, false);
        case GZIP -> compress(warc(), "gzip");
        case ZSTD -> compress(warc(), "zstd");
        case BZIP2 -> compress(warc(), "bzip2");
        case XZ -> compress(warc(), "xz");
        case TAR -> tar(Map.of("a.zip", zip(paper()), "b.gz", compress(utf8(page()), "gzip")));
        case ZIP -> zip(Map.of("a.tar", tar(paper()), "b.xz", compress(utf8(page()), "xz")));
      };
    }

    private static String page() {
      return """
          <html><head><meta charset="utf-8"><title>T</title></head><body><nav><a href="#">x</a></nav>
          <div class="main"><h1>글</h1><p>Some text that is long enough to be one <b>paragraph</b>.</p>
          <ul><li>a<li>b</ul><table><tr><td>1<td>2</table><pre>x
          y</pre><math alttext="x"></math></div></body></html>
          """;
    }

    private static byte[] warc() {
      byte[] page = utf8(page());
      String type = "200 OK|Content-Type: text/html; charset=utf-8";
      return WarcReaderTest.joined(
          WarcReaderTest.record("request", "application/http", utf8("GET / HTTP/1.1\r\n\r\n")),
          WarcReaderTest.response(type, page),
          WarcReaderTest.response(type + "|Transfer-Encoding: chunked", utf8("3\r\n<p>\r\n0\r\n")));
    }

    private static String wiki(int id) {
      String text =
          "{{box|a={{b}}}}'''x''' [[a|b]] &lt;ref&gt;r&lt;/ref&gt; &lt;math&gt;x&lt;/math&gt;\n"
              + "== H ==\n* i\n{|\n! a !! b\n|-\n| 1 || 2\n|}\n&lt;!-- c --&gt; [http://a b]";
      return MarkupReadersTest.page(id, 0, "", text);
    }

    private static Map<String, byte[]> paper() {
      Map<String, byte[]> files = new LinkedHashMap<>();
      files.put(
          "main.tex",
          utf8(
              "\\documentclass{a}\\newcommand{\\x}[1]{<#1>}\\title{T}\\begin{document}\\section{A}\n"
                  + "\\x{y} $a_b$ \\[ c \\] % d\n\\input{b}\\begin{itemize}\\item e\\end{itemize}"
                  + "\\begin{tabular}{l}a & b \\\\ c\\end{tabular}\\'e \\verb|f|\\end{document}"));
      files.put("b.tex", utf8("\\input{main} \\begin{align}a &= b\\end{align} \\cite{x}"));
      return files;
    }
  }

  /** One to four of: a bit flipped, a byte set, a piece left out, doubled or moved, the end cut. */
  static byte[] damaged(byte[] good, RandomKey key) {
    byte[] bytes = good.clone();
    int changes = 1 + key.below(0, 4);
    for (int i = 0; i < changes && bytes.length > 8; i++) {
      RandomKey own = key.child(i + 1);
      int at = own.below(0, bytes.length);
      int length = Math.min(bytes.length - at, 1 + own.below(1, 40));
      switch (own.below(2, 6)) {
        case 0 -> bytes[at] ^= (byte) (1 << own.below(3, 8));
        case 1 -> bytes[at] = (byte) own.below(3, 256);
        case 2 -> bytes = spliced(bytes, at, length, 0);
        case 3 -> bytes = spliced(bytes, at, length, 2);
        case 4 -> bytes = spliced(bytes, at, length, 1 + own.below(3, 200));
        default -> bytes = Arrays.copyOf(bytes, at);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int at, int length, int times) {
    ByteArrayOutputStream spliced = new ByteArrayOutputStream();
    spliced.write(bytes, 0, at);
    for (int i = 0; i < times; i++) {
      spliced.write(bytes, at, length);
    }
    spliced.write(bytes, at + length, bytes.length - at - length);
    return spliced.toByteArray();
  }

  private static FilesConfig config(Path file, Format format, OnCorruptFile onCorrupt) {
    return FilesConfig.of(file.toString(), format, "text", Split.NONE, onCorrupt, 1 << 20);
  }

  @ParameterizedTest
  @EnumSource
  void damagedInputIsReadOrRefused(Seed seed) throws IOException {
    byte[] good = seed.bytes();
    Path file = directory.resolve("input." + seed.name().toLowerCase(Locale.ROOT));
    Files.write(file, good);
    FilesConfig strict = config(file, seed.format, OnCorruptFile.STOP);
    assertThat(Corpora.read(strict.create(), rejected -> {})).isNotEmpty();
    RandomKey key = RandomKey.of(7).child(seed.name().hashCode());
    for (int i = 0; i < INPUTS; i++) {
      Files.write(file, damaged(good, key.child(i)));
      OnCorruptFile onCorrupt = i % 2 == 0 ? OnCorruptFile.SKIP : OnCorruptFile.STOP;
      FilesConfig config = config(file, seed.format, onCorrupt);
      int input = i;
      ProcessorTime.within(LIMIT, () -> read(config), () -> "input " + input);
    }
  }

  private static void read(FilesConfig config) {
    try {
      Corpora.read(config.create(), rejected -> assertThat(rejected.reason()).isNotEmpty())
          .forEach(ReaderFuzzTest::extract);
    } catch (DataException e) {
      assertThat(config.onCorruptFile()).isEqualTo(OnCorruptFile.STOP);
    }
  }

  private static void extract(Document document) {
    List<DocumentTransform> steps =
        List.of(
            new HtmlStep().create(),
            new WikitextStep.Config(List.of("References")).create(),
            new LatexStep().create());
    for (DocumentTransform step : steps) {
      assertThat(step.apply(document)).isInstanceOf(Verdict.class);
    }
  }
}
