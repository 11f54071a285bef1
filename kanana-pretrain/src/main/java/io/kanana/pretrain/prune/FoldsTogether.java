package io.kanana.pretrain.prune;

import io.kanana.core.model.LayerObserver;
import io.kanana.core.train.TokenBatch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Several summaries of one pass; the names in their memories differ. */
record FoldsTogether(List<? extends BatchFold> folds) implements BatchFold {
  @Override
  public LayerObserver over(TokenBatch batch) {
    List<LayerObserver> observers = folds.stream().map(fold -> fold.over(batch)).toList();
    return (tape, layer, site, value) ->
        observers.forEach(observer -> observer.observe(tape, layer, site, value));
  }

  @Override
  public Map<String, double[]> memory() {
    Map<String, double[]> all = new TreeMap<>();
    folds.forEach(fold -> all.putAll(fold.memory()));
    return all;
  }
}
