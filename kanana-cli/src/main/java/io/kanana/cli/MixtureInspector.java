package io.kanana.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.core.job.Jobs;
import io.kanana.core.train.Duration;
import io.kanana.data.batch.Packing;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.pretrain.MixtureInspection;
import io.kanana.pretrain.PretrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A mixture, a pre-training configuration, or the directory of such a run: what the run really
 * sees.
 *
 * @param look what to look at
 */
record MixtureInspector(Look look) implements Inspector {
  /**
   * @param tokens positions of the run to look at; where absent, all
   * @param samples sequences to show as text
   * @param contextLength of a mixture that belongs to no run
   * @param packing of a mixture that belongs to no run
   */
  record Look(OptionalLong tokens, int samples, int contextLength, Packing packing) {}

  private static final String RUN = "config.yaml";

  @Override
  public boolean recognises(Path path) {
    if (Files.isDirectory(path)) {
      Path config = path.resolve(RUN);
      return Files.isRegularFile(config) && isPretrain(config);
    }
    return new YamlInspector().recognises(path) && (isMixture(path) || isPretrain(path));
  }

  private static boolean isMixture(Path file) {
    return tree(file).has("domains");
  }

  private static boolean isPretrain(Path file) {
    return "pretrain".equals(tree(file).path("job").textValue());
  }

  /** What cannot be read as YAML is none, and left to whoever says so. */
  private static ObjectNode tree(Path file) {
    try {
      return Yaml.read(file);
    } catch (ConfigException _) {
      return JsonInspector.JSON.createObjectNode();
    }
  }

  @Override
  public List<String> describe(Path path) {
    return MixtureText.lines(result(path));
  }

  /** The same for programs. */
  String json(Path path) {
    MixtureInspection.Result result = result(path);
    ObjectNode json = result.report().toJson();
    ArrayNode notes = json.putArray("notes");
    result.notes().forEach(notes::add);
    ArrayNode samples = json.putArray("samples");
    result.samples().forEach(sample -> samples.add(sample.toJson()));
    return json.toPrettyString();
  }

  private MixtureInspection.Result result(Path path) {
    return inspection(path).look(look.tokens(), look.samples());
  }

  private MixtureInspection inspection(Path path) {
    if (Files.isDirectory(path)) {
      return MixtureInspection.of(pretrain(path.resolve(RUN)), path);
    }
    if (isPretrain(path)) {
      PretrainConfig config = pretrain(path);
      return MixtureInspection.of(config, config.output());
    }
    MixtureConfig mixture =
        new Binder(Extensions.load(MixtureInspector.class.getClassLoader()))
            .bind(MixtureConfig.class, Yaml.read(path))
            .config();
    Duration until =
        look.tokens().isPresent()
            ? Duration.ofTokens(look.tokens().getAsLong())
            : Duration.ofEpochs(1);
    return MixtureInspection.of(mixture, look.contextLength(), look.packing(), until);
  }

  private static PretrainConfig pretrain(Path file) {
    return (PretrainConfig)
        Jobs.load(MixtureInspector.class.getClassLoader()).configure(file, List.of()).config();
  }
}
