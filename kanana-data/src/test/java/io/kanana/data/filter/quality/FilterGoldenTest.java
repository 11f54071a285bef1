package io.kanana.data.filter.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;

/** datatrove's verdicts beside ours: the same where words are split the same way. */
@Tag("golden")
class FilterGoldenTest {
  private static final Map<String, String> ENGLISH = steps("gopher-", "c4", "fineweb-", "english");
  private static final Map<String, String> SIMPLE = steps("gopher-", "c4", "fineweb-", "simple");
  private static final Map<String, String> KOREAN =
      steps("korean-gopher-", "korean-c4", "korean-fineweb-", "korean");

  private static Map<String, String> steps(String gopher, String c4, String fineweb, String words) {
    Map<String, String> steps = new LinkedHashMap<>();
    steps.put("gopher_repetition", "{type: " + gopher + "repetition, words: " + words + "}");
    steps.put("gopher_quality", "{type: " + gopher + "quality, words: " + words + "}");
    steps.put("c4_default", "{type: " + c4 + ", sentences: " + words + "}");
    steps.put(
        "c4_fineweb", "{type: " + c4 + ", sentences: " + words + ", terminal-punctuation: false}");
    steps.put("fineweb_quality", "{type: " + fineweb + "quality, words: " + words + "}");
    return steps;
  }

  @TestFactory
  Stream<DynamicTest> verdictsAreTheSameWithTheSameWords() {
    List<GoldenVerdicts.Row> rows = new GoldenVerdicts().rows("simple");
    return Golden.cases(
        SIMPLE.entrySet().stream()
            .map(
                step ->
                    DynamicTest.dynamicTest(
                        step.getKey(),
                        () -> compare(step.getKey(), Steps.of(step.getValue()), rows))));
  }

  private static void compare(String filter, CascadeStep step, List<GoldenVerdicts.Row> rows) {
    int compared = 0;
    for (GoldenVerdicts.Row row : rows) {
      JsonNode theirs = row.verdicts().get(filter);
      if (isVerdict(theirs)) {
        compared++;
        Verdict ours = Steps.run(step, Document.of("d", row.text()));
        assertThat(reason(ours)).as("%s", row.verdicts()).isEqualTo(expected(filter, theirs));
        if (ours instanceof Verdict.Keep keep && row.verdicts().has(filter + "_text")) {
          assertThat(digest(keep.document().text()))
              .as("%s", row.verdicts())
              .isEqualTo(row.verdicts().get(filter + "_text").toString());
        }
      }
    }
    assertThat(compared).isPositive();
  }

  private static String reason(Verdict verdict) {
    return verdict instanceof Verdict.Drop drop ? drop.reason() : "kept";
  }

  private static String expected(String filter, JsonNode verdict) {
    return verdict.isBoolean() ? "kept" : DatatroveReasons.ours(filter, verdict.asText());
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "["
          + text.codePointCount(0, text.length())
          + ",\""
          + HexFormat.of().formatHex(hash, 0, 8)
          + "\"]";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void englishWordsAgreeWithSpacy(TestReporter reporter) {
    assertThat(agreement("spacy-en", ENGLISH, reporter))
        .allSatisfy((f, r) -> assertThat(r).as(f).isGreaterThan(0.97));
  }

  @Test
  void koreanMorphemesAgreeWithKiwi(TestReporter reporter) {
    assertThat(agreement("kiwi", KOREAN, reporter))
        .allSatisfy((f, r) -> assertThat(r).as(f).isGreaterThan(0.8));
  }

  /** The share of documents that both keep or both drop, by filter; the others are published. */
  private static Map<String, Double> agreement(
      String variant, Map<String, String> steps, TestReporter reporter) {
    List<GoldenVerdicts.Row> rows = new GoldenVerdicts().rows(variant);
    Map<String, Double> rates = new LinkedHashMap<>();
    steps.forEach(
        (filter, section) -> {
          CascadeStep step = Steps.of(section);
          List<GoldenVerdicts.Row> judged =
              rows.stream().filter(row -> isVerdict(row.verdicts().get(filter))).toList();
          int same = 0;
          for (GoldenVerdicts.Row row : judged) {
            String ours = Steps.outcome(step, row.text());
            JsonNode theirs = row.verdicts().get(filter);
            boolean agrees = ours.equals("kept") == theirs.isBoolean();
            same += agrees ? 1 : 0;
            if (!agrees) {
              reporter.publishEntry(filter, ours + ", not " + theirs + ": " + row.verdicts());
            }
          }
          reporter.publishEntry(variant + " " + filter, same + " of " + judged.size());
          rates.put(filter, (double) same / judged.size());
        });
    return rates;
  }

  private static boolean isVerdict(JsonNode verdict) {
    return verdict != null && !verdict.isObject();
  }
}
