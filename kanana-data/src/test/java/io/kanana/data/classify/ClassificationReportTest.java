package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.data.classify.ClassificationReport.LabelScore;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationReportTest {
  @Test
  void sharesOfCounts() {
    ClassificationReport report = new ClassificationReport();
    report.add(List.of("a"), "a");
    report.add(List.of("a"), "b");
    report.add(List.of("b"), "b");
    report.add(List.of("b"), "b");
    report.add(List.of("a", "b"), "a");
    report.add(List.of("a"), null);
    LabelScore a = report.label("a");
    assertThat(a).isEqualTo(new LabelScore("a", 4, 2, 2));
    assertThat(a.precision()).isEqualTo(1);
    assertThat(a.recall()).isEqualTo(0.5);
    assertThat(a.f1()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(report.label("b")).isEqualTo(new LabelScore("b", 3, 3, 2));
    assertThat(report.accuracy()).isCloseTo(4.0 / 6, within(1e-12));
    assertThat(report.macroF1()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(report.json().at("/labels/a/predicted").asInt()).isEqualTo(2);
    assertThat(report.table()).hasSize(4).last().asString().contains("of 6 texts");
  }

  @Test
  void whatNeverOccurredIsZero() {
    ClassificationReport report = new ClassificationReport();
    assertThat(report.label("x").f1()).isZero();
    assertThat(report.accuracy()).isZero();
    assertThat(report.macroF1()).isZero();
  }
}
