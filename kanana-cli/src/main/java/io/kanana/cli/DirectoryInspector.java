package io.kanana.cli;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A checkpoint, a run's output or token shards: what it is, its files, and what its manifests say.
 */
final class DirectoryInspector implements Inspector {
  /** The file that makes a directory what it is, and what that is; the first that exists counts. */
  private static final List<Map.Entry<String, String>> KINDS =
      List.of(
          Map.entry("shards.json", "token shards"),
          Map.entry("train/shards.json", "token shards to train on, and held-out ones"),
          Map.entry("model.safetensors", "checkpoint"),
          Map.entry("model.safetensors.index.json", "checkpoint in shards"),
          Map.entry("results.json", "evaluation"),
          Map.entry("header.json", "teacher's logits"),
          Map.entry("plan.yaml", "pruning or up-scaling run"),
          Map.entry("report.json", "report of a study"),
          Map.entry("samples.json", "filtered documents"),
          Map.entry("importance.safetensors", "importance of a model's units"),
          Map.entry("metrics.jsonl", "training run"),
          Map.entry("tokenizer.json", "tokenizer"),
          Map.entry("config.yaml", "run"));

  private static final List<String> DESCRIBED =
      List.of(
          "shards.json",
          "train/shards.json",
          "held-out/shards.json",
          "config.json",
          "state.json",
          "header.json",
          "provenance.json",
          "results.json",
          "report.json");

  @Override
  public boolean recognises(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public List<String> describe(Path directory) {
    List<String> lines = new ArrayList<>();
    lines.add(directory + ": " + kind(directory));
    for (Path entry : entries(directory)) {
      lines.add("  " + size(entry) + "  " + entry.getFileName());
    }
    for (String name : DESCRIBED) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        lines.add(name);
        new JsonInspector().describe(file).forEach(line -> lines.add("  " + line));
      }
    }
    return lines;
  }

  private static String kind(Path directory) {
    Path config = directory.resolve(HuggingFaceConfig.FILE);
    boolean reward = Files.isRegularFile(config) && HuggingFaceConfig.isReward(config);
    return reward ? "reward model, " + files(directory) : files(directory);
  }

  private static String files(Path directory) {
    return KINDS.stream()
        .filter(kind -> Files.isRegularFile(directory.resolve(kind.getKey())))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("directory without an artefact of its own");
  }

  private static List<Path> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new DataException(directory + ": cannot be listed: " + Reason.of(e), e);
    }
  }

  private static String size(Path entry) {
    try {
      return Files.isDirectory(entry)
          ? String.format(Locale.ROOT, "%15s", "directory")
          : String.format(Locale.ROOT, "%,15d", Files.size(entry));
    } catch (IOException e) {
      throw new DataException(entry + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
