package io.kanana.cli;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import io.kanana.data.batch.Packing;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description = "Say what an artefact is and what it holds, without loading it.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      description =
          "A checkpoint, a run, token shards, or one of the files in them; the YAML of a mixture or of"
              + " a pre-training run, of which it says what the run will really see; or a file of"
              + " conversations.")
  private Path path;

  @Option(names = "--json", description = "Of a mixture: as JSON.")
  private boolean json;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Of a mixture: look at the run's first N positions.")
  private Long tokens;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Of a mixture: show N sequences as text; of conversations with a tokenizer: show N"
              + " (default: ${DEFAULT-VALUE}).")
  private int samples = 3;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description =
          "Of conversations: the model or tokenizer whose tokens and chat template to show them by.")
  private Path tokenizer;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description =
          "Of conversations: llama-3, chatml or plain in place of the tokenizer's own template.")
  private String template;

  @Option(
      names = "--context-length",
      paramLabel = "T",
      description = "Of a mixture without a run (default: ${DEFAULT-VALUE}).")
  private int contextLength = 8192;

  @Option(
      names = "--best-fit",
      description = "Of a mixture without a run: packed by best fit, and not in windows.")
  private boolean bestFit;

  @Override
  public void run() {
    if (!Files.exists(path)) {
      throw new DataException(path + ": there is no such file or directory; check the path");
    }
    if (json) {
      spec.commandLine().getOut().println(asJson());
      return;
    }
    Inspector inspector =
        inspectors().stream()
            .filter(candidate -> candidate.recognises(path))
            .findFirst()
            .orElseThrow(() -> new DataException(path + ": is of no kind that kanana writes"));
    inspector.describe(path).forEach(spec.commandLine().getOut()::println);
    if (Files.isDirectory(path) && mixtures().recognises(path)) {
      mixtureOfRun().forEach(spec.commandLine().getOut()::println);
    }
  }

  /** The first that recognises a path describes it. */
  private List<Inspector> inspectors() {
    return List.of(
        new DirectoryInspector(),
        new TokenizerInspector(),
        new SafetensorsInspector(),
        conversations(),
        new JsonLinesInspector(),
        new JsonInspector(),
        mixtures(),
        new YamlInspector());
  }

  private String asJson() {
    if (!mixtures().recognises(path)) {
      throw new ConfigException(
          "--json",
          "is for mixtures and pre-training runs, which " + path + " is not; leave it out");
    }
    return mixtures().json(path);
  }

  private ConversationInspector conversations() {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new ConversationInspector(
        new ConversationInspector.Look(
            Optional.ofNullable(tokenizer),
            Optional.ofNullable(template).map(InspectCommand::builtIn),
            samples,
            terminal && System.getenv("NO_COLOR") == null));
  }

  private static BuiltInTemplate builtIn(String name) {
    return BuiltInTemplate.named(name)
        .orElseThrow(
            () ->
                new ConfigException(
                    "--template", "must be one of " + BuiltInTemplate.labels() + ", got " + name));
  }

  private MixtureInspector mixtures() {
    Check.that(tokens == null || tokens > 0, "--tokens", "must be above 0, got %s", tokens);
    Check.that(samples >= 0, "--samples", "must be at least 0, got %s", samples);
    Check.that(contextLength > 0, "--context-length", "must be above 0, got %s", contextLength);
    return new MixtureInspector(
        new MixtureInspector.Look(
            tokens == null ? OptionalLong.empty() : OptionalLong.of(tokens),
            samples,
            contextLength,
            bestFit ? Packing.BEST_FIT : Packing.WINDOWS));
  }

  /** A run can be described without it, so what speaks against it is part of the description. */
  private List<String> mixtureOfRun() {
    try {
      return mixtures().describe(path);
    } catch (KananaException e) {
      return List.of("mixture: cannot be shown: " + e.getMessage());
    }
  }
}
