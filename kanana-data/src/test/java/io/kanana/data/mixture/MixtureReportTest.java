package io.kanana.data.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.extension.Extensions;
import io.kanana.data.ByteTokenizer;
import io.kanana.data.Corpora;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.data.batch.Windows;
import io.kanana.data.document.Document;
import io.kanana.data.shard.ShardSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureReportTest {
  @TempDir Path directory;

  private static MixtureConfig config(String yaml) {
    return new Binder(Extensions.of()).bind(MixtureConfig.class, Yaml.read(yaml)).config();
  }

  @Test
  void withoutTokensItSaysWhatIsAsked() {
    MixtureConfig config =
        config(
            "domains: {a: {category: code, weight: 3}, b: {category: code, weight: 1, max-epochs: 2}}");
    MixtureReport report = MixtureReport.of(config, 8, Packing.WINDOWS, 100);
    assertThat(report.padding()).isEmpty();
    assertThat(report.categories())
        .containsExactly(new MixtureReport.CategoryShare(Category.CODE, 1, 0));
    assertThat(report.toJson().toString())
        .isEqualTo(
            "{\"context-length\":8,\"packing\":\"windows\",\"sequences\":100,\"positions\":800,\"domains\":["
                + "{\"name\":\"a\",\"category\":\"code\",\"asked\":0.75},"
                + "{\"name\":\"b\",\"category\":\"code\",\"asked\":0.25,\"max-epochs\":2.0}],"
                + "\"categories\":{\"code\":{\"asked\":1.0,\"seen\":0.0}}}");
  }

  /**
   * Five documents of 10 tokens in windows of 8: 50 tokens, 7 sequences, 6 of 56 positions empty.
   */
  @Test
  void withTokensItSaysWhatIsSeen() {
    List<Document> documents =
        List.of("aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd", "eeeeeeee").stream()
            .map(text -> Document.of(text, text))
            .toList();
    try (ShardSet set =
        Corpora.shards(directory.resolve("s"), documents, ByteTokenizer.both(), 1000)) {
      Windows windows = new Windows(set, 8);
      MixtureConfig config = config("domains: {only: {weight: 1}}");
      MixturePlan plan =
          new MixturePlan(8, Packing.WINDOWS, 1, Map.of("only", MixturePlan.Domain.of(windows, 1)));
      MixtureReport report = MixtureReport.of(config, plan, Map.of("only", windows), 14);
      assertThat(report.domains().getFirst().seen())
          .contains(new MixtureReport.Seen(5, 50, 7, 14, 1, 2, 0.5, 1 - 50 / 56.0, 5));
      assertThat(report.padding().orElseThrow()).isCloseTo(1 - 100 / 112.0, offset(1e-12));
      assertSample(windows, new MixtureBatches(plan, Map.of("only", windows)));
    }
  }

  private static void assertSample(Windows windows, MixtureBatches batches) {
    long first = 0;
    while (batches.origin(first).sequence() != 6) {
      first++; // the window with the end of the last document, and the padding
    }
    SampleSequence sample =
        SampleSequence.of(first, batches.origin(first), windows, ByteTokenizer.both());
    assertThat(sample.pieces()).containsExactly(new SampleSequence.TextPiece(4, 8, 2, 10, "e"));
    assertThat(sample.padding()).isEqualTo(6);
    assertThat(sample.toJson().at("/pieces/0/text").asText()).isEqualTo("e");
  }
}
