package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Named tensors on disk, mapped and not read until they are looked at. Closing it ends the life of
 * every tensor it gave. Safe for use by several threads.
 */
public sealed interface StoredTensors extends AutoCloseable
    permits SafetensorsFile, ShardedSafetensors {
  /**
   * Opens {@code STEM.safetensors}, or the shards that {@code STEM.safetensors.index.json} lists.
   * Nothing is read but headers.
   *
   * @throws CheckpointException if there are neither, or they are not what they claim to be
   */
  static StoredTensors open(Path directory, String stem) {
    Path single = directory.resolve(stem + ".safetensors");
    Path index = directory.resolve(stem + ShardedSafetensors.INDEX);
    if (Files.exists(single)) {
      return SafetensorsFile.open(single);
    }
    if (Files.exists(index)) {
      return ShardedSafetensors.open(index);
    }
    if (Files.exists(directory.resolve("pytorch_model.bin"))
        || Files.exists(directory.resolve("pytorch_model.bin.index.json"))) {
      throw new CheckpointException(
          directory
              + ": has pytorch_model.bin, which is a program to be executed;"
              + " save the model as safetensors");
    }
    throw new CheckpointException(
        directory + ": has neither " + single.getFileName() + " nor " + index.getFileName());
  }

  /** In a fixed order: that of the file or of the index. */
  Set<String> names();

  /** What a tensor is. */
  TensorSpec spec(String name);

  /**
   * A tensor's elements, without a copy.
   *
   * @throws CheckpointException if there is none of that name
   */
  StoredTensor tensor(String name);

  @Override
  void close();
}
