package io.kanana.pretrain.prune;

import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.SmallModels;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;

/** Every strategy keeps the contract. */
class StrategiesTest {
  @Nested
  class OfTargetShape extends PruningStrategyContract {
    @Override
    protected PruningStrategy.Config config() {
      return new TargetShape.Config(
          OptionalInt.of(2),
          OptionalInt.of(16),
          OptionalInt.of(2),
          OptionalInt.of(1),
          OptionalInt.of(20),
          Optional.of(true),
          BestUnits.Order.IMPORTANCE,
          true,
          false);
    }

    @Override
    protected ModelConfig parent() {
      return SmallModels.grouped(false);
    }
  }

  @Nested
  class OfBudget extends PruningStrategyContract {
    @Override
    protected PruningStrategy.Config config() {
      return new BudgetSearch.Config(
          new Budget(OptionalLong.of(8_000), OptionalLong.empty(), Optional.empty()),
          0.6,
          new BudgetSearch.Sizes(
              List.of(2, 3), List.of(12, 16), List.of(4, 6), List.of(), List.of(20, 28), List.of()),
          Optional.of(true),
          4,
          new LossTrial(),
          false);
    }

    @Override
    protected ModelConfig parent() {
      return SmallModels.grouped(false);
    }
  }
}
