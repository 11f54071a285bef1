package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class KernelCaseTest {
  @Test
  void namesAreNotRepeated() {
    assertThat(KernelCase.ALL).extracting(KernelCase::name).doesNotHaveDuplicates();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseIsOneCallOfTheKernelThatItsNameBeginsWith() {
    return KernelCase.ALL.stream()
        .map(KernelCase::name)
        .map(name -> DynamicTest.dynamicTest(name, () -> callsOnce(name)));
  }

  private static void callsOnce(String name) {
    KernelTimes.Row row = KernelRuns.work(name);
    assertThat(row.kernel()).isEqualTo(name.replaceFirst("-.*", ""));
    assertThat(row.calls()).isEqualTo(1);
    assertThat(row.bytes()).isPositive();
    if (row.flops() > 0) {
      assertThat(row.detail().endsWith("bf16")).isEqualTo(name.endsWith("-bf16"));
    }
  }

  @Test
  void aFilterFindsNamesAndRefusesWhatMatchesNone() {
    assertThat(KernelCase.matching("^rms")).containsExactly("rmsNorm", "rmsNormBackward");
    assertThat(KernelCase.matching("")).hasSameSizeAs(KernelCase.ALL);
    assertThatThrownBy(() -> KernelCase.matching("softmax"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--filter: no kernel matches 'softmax'; there are matmul-nt, ");
    assertThatThrownBy(() -> KernelCase.matching("("))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--filter: '(' is no regular expression: ");
  }
}
