package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.train.ParentModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models of a merge, open. One that is named twice is opened once. Not safe for use by several
 * threads.
 */
final class MergeParents implements AutoCloseable {
  private final MergeConfig config;
  private final Map<Path, ParentModel> open = new LinkedHashMap<>();

  private MergeParents(MergeConfig config) {
    this.config = config;
  }

  /**
   * Opens all of them. Those of ours are checked byte by byte against their manifests.
   *
   * @throws io.kanana.core.error.CheckpointException if one is none, is not what its files claim,
   *     or has another tokenizer than the first
   */
  static MergeParents open(MergeConfig config) {
    MergeParents parents = new MergeParents(config);
    try {
      config.parents().forEach(parents::add);
      Path first = parents.first().directory();
      parents.open.keySet().forEach(other -> SameTokenizer.check(first, other));
      return parents;
    } catch (RuntimeException | Error e) {
      parents.close();
      throw e;
    }
  }

  private void add(Path directory) {
    open.computeIfAbsent(absolute(directory), ParentModel::open);
  }

  private static Path absolute(Path directory) {
    return directory.toAbsolutePath().normalize();
  }

  private ParentModel at(Path directory) {
    return open.get(absolute(directory));
  }

  /** The first model of the plan. */
  HuggingFaceModel first() {
    return models().getFirst();
  }

  /** In the order of the plan. */
  List<HuggingFaceModel> models() {
    return config.models().stream().map(model -> at(model.path()).stored()).toList();
  }

  Optional<HuggingFaceModel> base() {
    return config.base().map(path -> at(path).stored());
  }

  /** What children call a parent. */
  String id(Path directory) {
    return at(directory).id();
  }

  /** All of them as a provenance names them: the models in their order, then the base. */
  List<Provenance.Parent> asParents() {
    return open.values().stream().map(ParentModel::asParent).toList();
  }

  /** Every stage that led to one of them, each once. */
  List<StageCompute> ancestors() {
    return Provenance.ancestry(
        open.values().stream().flatMap(parent -> parent.provenance().stream()).toList());
  }

  @Override
  public void close() {
    open.values().forEach(ParentModel::close);
  }
}
