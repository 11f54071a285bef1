package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorBackendsTest {
  private final List<String> warnings = new ArrayList<>();

  /** One that is never opened. */
  private record Named(String name, int rank, String obstacle) implements TensorBackendProvider {
    @Override
    public TensorBackend open(int threads) {
      throw new AssertionError("nobody asked for it");
    }
  }

  private static final Named FAST = new Named("fast", 3, "its library is missing");
  private static final Named FASTER = new Named("faster", 4, "its device is missing");
  private static final Named SLOW = new Named("slow", 2, "");
  private static final Named SLOWEST = new Named("slowest", 1, "");

  private String choose(String name, Named... providers) {
    return TensorBackends.choose(name, List.of(providers), warnings::add).name();
  }

  @Test
  void theBestIsTakenWithoutAWord() {
    assertThat(choose("auto", SLOW, SLOWEST)).isEqualTo("slow");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatKeepsABetterOneFromRunningIsSaid() {
    assertThat(choose("auto", FASTER, FAST, SLOW, SLOWEST)).isEqualTo("slow");
    assertThat(warnings)
        .containsExactly(
            "back end 'faster' cannot run here: its device is missing; using 'slow' instead",
            "back end 'fast' cannot run here: its library is missing; using 'slow' instead");
  }

  @Test
  void whereNoneCanRunEveryReasonIsSaid() {
    assertThatThrownBy(() -> choose("auto", FASTER, FAST))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "back end 'faster' cannot run here: its device is missing; back end 'fast' cannot run"
                + " here: its library is missing");
    assertThatThrownBy(() -> choose("auto"))
        .isInstanceOf(BackendException.class)
        .hasMessage("there is no back end on the class path");
  }

  @Test
  void theOneThatIsNamedIsTakenOrRefused() {
    assertThat(choose("slowest", FAST, SLOW, SLOWEST)).isEqualTo("slowest");
    assertThat(warnings).isEmpty();
    assertThatThrownBy(() -> choose("fast", FAST, SLOW))
        .isInstanceOf(BackendException.class)
        .hasMessage("back end 'fast' cannot run here: its library is missing");
    assertThatThrownBy(() -> choose("other", FAST, SLOW))
        .isInstanceOf(BackendException.class)
        .hasMessage("no back end 'other'; on the class path: fast, slow");
  }
}
