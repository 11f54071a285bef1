package io.kanana.cli;

import io.kanana.core.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description = "Say what an artefact is and what it holds, without loading it.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Runnable {
  /** The first that recognises a path describes it. */
  private static final List<Inspector> INSPECTORS =
      List.of(
          new DirectoryInspector(),
          new TokenizerInspector(),
          new SafetensorsInspector(),
          new JsonLinesInspector(),
          new JsonInspector(),
          new YamlInspector());

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      description = "A checkpoint, a run, token shards, or one of the files in them.")
  private Path path;

  @Override
  public void run() {
    if (!Files.exists(path)) {
      throw new DataException(path + ": there is no such file or directory; check the path");
    }
    Inspector inspector =
        INSPECTORS.stream()
            .filter(candidate -> candidate.recognises(path))
            .findFirst()
            .orElseThrow(() -> new DataException(path + ": is of no kind that kanana writes"));
    inspector.describe(path).forEach(spec.commandLine().getOut()::println);
  }
}
