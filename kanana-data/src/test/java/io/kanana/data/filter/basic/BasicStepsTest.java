package io.kanana.data.filter.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import io.kanana.data.filter.basic.LicenceAllowList.Missing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BasicStepsTest extends ExtensionContract {
  private static final LengthFilter.Config LENGTH =
      new LengthFilter.Config(
          OptionalLong.of(3), OptionalLong.of(6), OptionalLong.of(4), OptionalLong.of(12));

  @Override
  protected ExtensionProvider provider() {
    return new BasicSteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of("cascade-step/sample", "keep: 0.5");
  }

  private static Document with(String key, Object value) {
    return new Document("d", "text", Map.of(key, value));
  }

  @Nested
  class Length extends CascadeStepContract {
    @Override
    protected CascadeStep.Config config() {
      return LENGTH;
    }

    @Override
    protected List<Document> documents() {
      return List.of(Document.of("short", "ab"), Document.of("good", "abcd"));
    }

    @Test
    void countsCharactersAndBytes() {
      LengthFilter filter = LENGTH.create();
      assertThat(filter.judge(Document.of("d", "🙂a")))
          .isEqualTo(Verdict.drop("too-few-characters", 2L));
      assertThat(filter.judge(Document.of("d", "abc")))
          .isEqualTo(Verdict.drop("too-few-bytes", 3L));
      assertThat(filter.judge(Document.of("d", "가나다라마")))
          .isEqualTo(Verdict.drop("too-many-bytes", 15L));
      assertThat(filter.judge(Document.of("d", "abcdefg")))
          .isEqualTo(Verdict.drop("too-many-characters", 7L));
      assertThat(filter.judge(Document.of("d", "가나다라"))).isInstanceOf(Verdict.Keep.class);
      assertThat(filter.judge(Document.of("d", "abcd"))).isInstanceOf(Verdict.Keep.class);
    }
  }

  @Nested
  class Sample extends CascadeStepContract {
    @Override
    protected CascadeStep.Config config() {
      return new SampleFilter.Config(0.5, 1);
    }

    @Override
    protected List<Document> documents() {
      return numbered(40);
    }

    private List<Document> numbered(int count) {
      return IntStream.range(0, count).mapToObj(i -> Document.of("d" + i, "text")).toList();
    }

    private List<Document> kept(double share) {
      DataFilter filter = new SampleFilter.Config(share, 1).create();
      return numbered(10_000).stream()
          .filter(document -> filter.judge(document) instanceof Verdict.Keep)
          .toList();
    }

    @Test
    void keepsTheShareAndLargerSharesHoldSmallerOnes() {
      assertThat(kept(0.3)).hasSizeBetween(2_800, 3_200);
      assertThat(kept(0.6)).containsAll(kept(0.3));
      assertThat(kept(0)).isEmpty();
      assertThat(kept(1)).hasSize(10_000);
    }
  }

  @Nested
  class Addresses extends CascadeStepContract {
    @Override
    protected CascadeStep.Config config() {
      return new UrlBlockList.Config("url", List.of("bad.org"), List.of());
    }

    @Override
    protected List<Document> documents() {
      return List.of(with("url", "https://bad.org/x"), with("url", "https://good.org/x"));
    }
  }

  @Test
  void blocksDomainsWithWhatLiesBelowAndAddresses(@TempDir Path directory) throws IOException {
    Path list =
        Files.writeString(
            directory.resolve("list.txt"),
            "# a list\n\nspam.example\nhttps://News.example/one/page?x=1\nhttp://root.example/\n");
    DataFilter filter = new UrlBlockList.Config("url", List.of("Bad.org"), List.of(list)).create();
    assertThat(filter.judge(with("url", "http://a.b.bad.org:80/")))
        .isEqualTo(Verdict.drop("blocked-domain", "bad.org"));
    assertThat(filter.judge(with("url", "http://user@SPAM.example?q")))
        .isEqualTo(Verdict.drop("blocked-domain", "spam.example"));
    assertThat(filter.judge(with("url", "http://news.example/one/page?x=1")))
        .isEqualTo(Verdict.drop("blocked-url", "news.example/one/page?x=1"));
    assertThat(filter.judge(with("url", "https://root.example/a")))
        .isEqualTo(Verdict.drop("blocked-domain", "root.example"));
    for (String bad : List.of("bad.org", "Bad.org/x", "x.bad.org:80/?u=http://good.org")) {
      assertThat(filter.judge(with("url", bad)))
          .as(bad)
          .isEqualTo(Verdict.drop("blocked-domain", "bad.org"));
    }
    assertThat(filter.judge(with("url", "News.example:80/one/page?x=1")))
        .isEqualTo(Verdict.drop("blocked-url", "news.example/one/page?x=1"));
    for (String good :
        List.of(
            "http://notbad.org",
            "http://news.example/one",
            "http://good.org/?u=http://bad.org/x",
            "good.org/?u=http://bad.org/x",
            "",
            "http://")) {
      assertThat(filter.judge(with("url", good))).as(good).isInstanceOf(Verdict.Keep.class);
    }
    assertThat(filter.judge(with("url", 3))).isInstanceOf(Verdict.Keep.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0 bad.org,has white space within",
    "bad.org # why,has white space within",
    "bad.org:8080,has a port",
    "http://bad.org:8080/x,has a port",
    "/x,names no host",
    "http://,names no host"
  })
  void entriesThatCouldBlockNothingAreRefused(String entry, String rule, @TempDir Path directory)
      throws IOException {
    Path list = Files.writeString(directory.resolve("list.txt"), "# a list\ngood.org\n" + entry);
    UrlBlockList.Config config = new UrlBlockList.Config("url", List.of(), List.of(list));
    assertThatThrownBy(config::create)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(list + ": line 3, \"" + entry + "\" " + rule);
    assertThatThrownBy(() -> new UrlBlockList.Config("url", List.of(entry), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("domains")
        .hasMessageContaining(rule);
  }

  @Test
  void aListThatCannotBeReadIsNamed(@TempDir Path directory) throws IOException {
    Path missing = directory.resolve("none.txt");
    assertThatThrownBy(() -> new UrlBlockList.Config("url", List.of(), List.of(missing)).create())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            missing + ": cannot be read as a block list (there is no such file)");
    Path latin =
        Files.write(directory.resolve("latin.txt"), "é".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> new UrlBlockList.Config("url", List.of(), List.of(latin)).create())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it is not UTF-8 text");
  }

  @Nested
  class Licences extends CascadeStepContract {
    @Override
    protected CascadeStep.Config config() {
      return new LicenceAllowList.Config("license", List.of("MIT", "CC0-1.0"), Missing.DROP);
    }

    @Override
    protected List<Document> documents() {
      return List.of(with("license", "mit "), with("license", "GPL-3.0"));
    }

    @Test
    void allMustBeAllowed() {
      DataFilter filter = (DataFilter) config().create();
      assertThat(filter.judge(with("license", List.of("MIT", "cc0-1.0"))))
          .isInstanceOf(Verdict.Keep.class);
      assertThat(filter.judge(with("license", List.of("MIT", "GPL-3.0"))))
          .isEqualTo(Verdict.drop("licence-not-allowed", "GPL-3.0"));
      for (Object nothing : List.of("", 3, List.of())) {
        assertThat(filter.judge(with("license", nothing)))
            .isEqualTo(Verdict.drop("licence-missing", null));
      }
    }

    @Test
    void aMissingOneMayBeKept() {
      DataFilter filter =
          new LicenceAllowList.Config("license", List.of("MIT"), Missing.KEEP).create();
      assertThat(filter.judge(with("url", "x"))).isInstanceOf(Verdict.Keep.class);
    }
  }
}
