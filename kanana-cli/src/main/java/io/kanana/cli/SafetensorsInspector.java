package io.kanana.cli;

import io.kanana.core.checkpoint.SafetensorsFile;
import io.kanana.core.checkpoint.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A file of tensors: what its header says, in the order of the file. */
final class SafetensorsInspector implements Inspector {
  @Override
  public boolean recognises(Path path) {
    return path.toString().endsWith(".safetensors");
  }

  @Override
  public List<String> describe(Path path) {
    List<String> lines = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<TensorSpec> specs = file.names().stream().map(file::spec).toList();
      long elements = specs.stream().mapToLong(TensorSpec::elements).sum();
      long bytes = specs.stream().mapToLong(TensorSpec::bytes).sum();
      lines.add(
          String.format(
              Locale.ROOT,
              "safetensors: %,d tensors, %,d elements, %,d bytes",
              specs.size(),
              elements,
              bytes));
      file.metadata().forEach((key, value) -> lines.add(key + ": " + value));
      specs.forEach(
          spec -> lines.add("  " + spec.name() + "  " + spec.type() + " " + spec.shape()));
    }
    return lines;
  }
}
