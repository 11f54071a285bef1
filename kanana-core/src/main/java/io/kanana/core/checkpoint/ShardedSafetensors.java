package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Tensors over several safetensors files, found through {@code *.safetensors.index.json}. */
public final class ShardedSafetensors implements StoredTensors {
  static final String INDEX = ".safetensors.index.json";
  private static final int LARGEST_INDEX = 64 << 20;

  private final Path index;
  private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile> owners = new LinkedHashMap<>();

  private ShardedSafetensors(Path index) {
    this.index = index;
  }

  /**
   * Opens every shard that the index names. A tensor that a shard holds and the index does not list
   * is left out.
   *
   * @throws CheckpointException if index or shards are invalid, or a shard lacks what it should
   *     hold
   */
  public static ShardedSafetensors open(Path index) {
    ShardedSafetensors opened = new ShardedSafetensors(index);
    try {
      opened.read(CheckpointJson.read(index, LARGEST_INDEX).requireObject("weight_map"));
      return opened;
    } catch (CheckpointException e) {
      opened.close();
      throw e;
    }
  }

  private void read(JsonFields weightMap) {
    for (String tensor : weightMap.keys()) {
      String shard = weightMap.requireString(tensor);
      if (!PlainName.holds(shard)) {
        throw weightMap.error(tensor, "must name a file beside it, got " + Quoted.of(shard));
      }
      SafetensorsFile file =
          shards.computeIfAbsent(shard, name -> SafetensorsFile.open(index.resolveSibling(name)));
      if (!file.names().contains(tensor)) {
        throw weightMap.error(tensor, "is not in " + Quoted.of(shard));
      }
      owners.put(tensor, file);
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(owners.keySet());
  }

  @Override
  public TensorSpec spec(String name) {
    return owner(name).spec(name);
  }

  @Override
  public StoredTensor tensor(String name) {
    return owner(name).tensor(name);
  }

  private SafetensorsFile owner(String name) {
    SafetensorsFile owner = owners.get(name);
    if (owner == null) {
      throw new CheckpointException(index + ": lists no tensor " + Quoted.of(name));
    }
    return owner;
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }
}
