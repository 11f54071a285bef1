package io.kanana.pretrain.reshape;

import io.kanana.core.error.Problem;
import io.kanana.core.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What must hold of a change so that models of one shape can go through it. */
final class ReshapeRules {
  private final ModelConfig old;
  private final List<Problem> problems = new ArrayList<>();

  ReshapeRules(ModelConfig old) {
    this.old = old;
  }

  /** Everything that is wrong, under {@code channels}, {@code layers[2].heads} and the like. */
  List<Problem> problems(ReshapePlan change) {
    units("channels", change.channels(), old.hiddenSize());
    if (old.tiedEmbeddings() && !change.tiedEmbeddings()) {
      report("tied-embeddings", "must be true, since the old model's are tied");
    }
    if (change.layers().isEmpty()) {
      report("layers", "must name at least one");
    }
    for (int i = 0; i < change.layers().size(); i++) {
      layer("layers[" + i + "]", change.layers().get(i), change);
    }
    return problems;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void report(String path, String rule, Object... values) {
    problems.add(new Problem(path, String.format(Locale.ROOT, rule, values)));
  }

  private void layer(String path, LayerOrigin layer, ReshapePlan change) {
    LayerOrigin first = change.layers().getFirst();
    if (layer.source() < 0 || layer.source() >= old.layers()) {
      report(path, "must be one of the old layers 0-%d, got %d", old.layers() - 1, layer.source());
    }
    boolean sound = units(path + ".kv-heads", layer.kvHeads(), old.kvHeads());
    sound &= units(path + ".heads", layer.heads(), old.heads());
    units(path + ".neurons", layer.neurons(), old.ffnSize());
    asMany(path + ".heads", layer.heads(), first.heads());
    asMany(path + ".kv-heads", layer.kvHeads(), first.kvHeads());
    asMany(path + ".neurons", layer.neurons(), first.neurons());
    if (sound) {
      groups(path + ".heads", layer, change.mixedGroups());
      layer.residuals().forEach(residual -> residual(path + ".residuals", residual, layer));
    }
  }

  private boolean units(String path, Indices units, int size) {
    int before = problems.size();
    if (units.size() == 0) {
      report(path, "must keep at least one");
    }
    if (units.firstOutside(size) >= 0) {
      report(path, "must lie in 0-%d, got %d", size - 1, units.firstOutside(size));
    } else if (units.firstRepeated() >= 0) {
      report(path, "must be different from one another, got %d twice", units.firstRepeated());
    }
    return problems.size() == before;
  }

  private void asMany(String path, Indices units, Indices first) {
    if (units.size() != first.size()) {
      report(
          path, "must be as many as in the first layer (%d), got %d", first.size(), units.size());
    }
  }

  /** A query head reads the keys of the group it was trained with, and no other, unless mixed. */
  private void groups(String path, LayerOrigin layer, boolean mixed) {
    int groups = layer.kvHeads().size();
    if (layer.heads().size() % groups != 0) {
      report(path, "must be as many for each of %d kv heads, got %d", groups, layer.heads().size());
      return;
    }
    int perGroup = layer.heads().size() / groups;
    for (int i = 0; i < layer.heads().size() && !mixed; i++) {
      int head = layer.heads().get(i);
      int kvHead = layer.kvHeads().get(i / perGroup);
      if (group(head) != kvHead) {
        report(
            path,
            "must have heads %s of kv head %d at position %d, got %d",
            Indices.range(kvHead * groupSize(), (kvHead + 1) * groupSize()),
            kvHead,
            i,
            head);
        return;
      }
    }
  }

  private void residual(String path, HeadResidual residual, LayerOrigin layer) {
    boolean holds =
        layer.heads().contains(residual.kept())
            && !layer.heads().contains(residual.pruned())
            && residual.pruned() < old.heads()
            && group(residual.kept()) == group(residual.pruned());
    if (!holds) {
      report(
          path,
          "must add a head that goes away to one that stays in its group, got %d to %d",
          residual.pruned(),
          residual.kept());
    }
  }

  private int groupSize() {
    return old.heads() / old.kvHeads();
  }

  private int group(int head) {
    return head / groupSize();
  }
}
