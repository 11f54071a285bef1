package example;

import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.prune.PruningStrategy;
import io.kanana.pretrain.prune.PruningStrategyContract;
import io.kanana.pretrain.reshape.SmallModels;

class ContiguousLayersTest extends PruningStrategyContract {
  @Override
  protected PruningStrategy.Config config() {
    return new ContiguousLayers(2);
  }

  @Override
  protected ModelConfig parent() {
    return SmallModels.shape(5, 16, 4, 2, 4, 24, true);
  }
}
