package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import io.kanana.core.train.TokenBatch;
import io.kanana.posttrain.preference.PairBatches.Placed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PairBatchesTest {
  private static final int CONTEXT = 24;

  private final List<PairTokens> pairs = RandomPairs.make(40, 50);
  private final PairBatches once = new PairBatches(pairs, CONTEXT, Optional.empty());
  private final PairBatches endless = new PairBatches(pairs, CONTEXT, Optional.of(RandomKey.of(3)));

  @Test
  void everyPassHasEveryPairOnceInAnotherOrder() {
    int rows = (int) endless.epochLength();
    List<Integer> first = endless.placed(0, rows).stream().map(Placed::pair).toList();
    List<Integer> second = endless.placed(rows, rows).stream().map(Placed::pair).toList();
    assertThat(first).hasSameSizeAs(pairs).isNotEqualTo(second);
    assertThat(new TreeSet<>(first)).hasSameSizeAs(pairs).isEqualTo(new TreeSet<>(second));
  }

  @Test
  void aRowDoesNotDependOnTheRowsBesideIt() {
    int rows = (int) endless.epochLength();
    TokenBatch all = endless.batch(0, rows);
    for (int row = 0; row < rows; row++) {
      TokenBatch one = endless.batch(row, 1);
      assertThat(one.tokens())
          .isEqualTo(Arrays.copyOfRange(all.tokens(), row * CONTEXT, (row + 1) * CONTEXT));
      assertThat(one.documentStarts())
          .isEqualTo(Arrays.copyOfRange(all.documentStarts(), row * CONTEXT, (row + 1) * CONTEXT));
    }
  }

  @Test
  void targetsAreTheAnswersTokensAndNoDocumentSeesAnother() {
    TokenBatch batch = once.batch(0, (int) once.epochLength());
    int expected =
        pairs.stream()
            .mapToInt(pair -> pair.chosen().answerLength() + pair.rejected().answerLength())
            .sum();
    assertThat(batch.targetCount()).isEqualTo(expected);
    assertThat(AnswerSums.documents(batch)).isEqualTo(2L * pairs.size());
    for (Placed placed : once.placed(0, (int) once.epochLength())) {
      check(batch, pairs.get(placed.pair()).chosen(), placed.chosen());
      check(batch, pairs.get(placed.pair()).rejected(), placed.rejected());
    }
  }

  private static void check(TokenBatch batch, AnswerTokens answer, int at) {
    for (int i = 0; i < answer.length(); i++) {
      assertThat(batch.tokens()[at + i]).isEqualTo(answer.ids()[i]);
      assertThat(batch.positions()[at + i]).isEqualTo(i);
      assertThat(batch.documentStarts()[at + i]).isEqualTo(at % CONTEXT);
      boolean target = i >= answer.answered() - 1 && i < answer.length() - 1;
      assertThat(batch.targets()[at + i])
          .isEqualTo(target ? answer.ids()[i + 1] : TokenBatch.IGNORE);
    }
  }

  @Test
  void theFingerprintTellsOtherPairsAndOrders() {
    assertThat(once.fingerprint())
        .isEqualTo(new PairBatches(pairs, CONTEXT, Optional.empty()).fingerprint())
        .isNotEqualTo(endless.fingerprint())
        .isNotEqualTo(
            new PairBatches(pairs.subList(0, 39), CONTEXT, Optional.empty()).fingerprint());
  }

  @Test
  void aPairThatFitsNoRowIsRefused() {
    assertThatThrownBy(() -> new PairBatches(pairs, 4, Optional.empty()))
        .hasMessageContaining("but a row only 4");
  }
}
