package io.kanana.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.eval.request.Request;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Figure;
import io.kanana.eval.run.GroupResult;
import io.kanana.eval.run.TaskResult;
import io.kanana.eval.task.PromptSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The results of a run on disk, an artefact of kind {@code evaluation}: {@code results.json} with
 * figures, versions, hashes of the prompts, the model's provenance and the compute; {@code
 * samples.jsonl} with every question and answer; tables in {@code results.md} and {@code
 * results.html}.
 */
public final class ResultsDirectory {
  /** The kind of the artefacts. */
  public static final String KIND = "evaluation";

  static final String RESULTS = "results.json";
  static final String SAMPLES = "samples.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  private ResultsDirectory() {}

  /**
   * What a run was.
   *
   * @param model what it is called
   * @param modelDirectory where it is, if it is on this machine
   * @param identity of the model
   * @param configYaml the resolved configuration
   * @param flops of this run, without what an earlier one had asked
   * @param seconds of this run
   */
  public record Run(
      String model,
      Optional<Path> modelDirectory,
      ObjectNode identity,
      String configYaml,
      Instant written,
      double flops,
      double seconds) {}

  /** Writes the directory, in the place of an older one. */
  public static void write(
      Path target, Run run, PromptSettings prompts, Evaluation.Results results) {
    List<Provenance.Parent> parents = parents(run);
    ResultTable table = ResultTable.of(results);
    try (ArtefactWriter artefact =
        ArtefactWriter.create(
            target, KIND, parents.stream().map(Provenance.Parent::artefact).toList())) {
      artefact.write(RESULTS, json(run, prompts, results).toPrettyString() + "\n");
      artefact.write(
          SAMPLES, out -> writeSamples(Channels.newWriter(out, StandardCharsets.UTF_8), results));
      artefact.write("results.md", "# " + run.model + "\n\n" + table.markdown());
      artefact.write("results.html", table.html(run.model, notes(run)));
      artefact.write("config.yaml", run.configYaml);
      artefact.write(Provenance.FILE, provenance(run, parents).toJson());
      artefact.commit();
    }
  }

  private static List<String> notes(Run run) {
    return List.of(
        "Written " + run.written + ".",
        String.format(
            Locale.ROOT,
            "%.3g floating-point operations in %.1f seconds.",
            run.flops,
            run.seconds));
  }

  /**
   * The figures of a directory by task or group and key: {@code gsm8k.exact_match,strict-match}.
   *
   * @throws DataException if it cannot be read
   */
  public static SortedMap<String, Double> measurements(Path directory) {
    Path file = directory.resolve(RESULTS);
    SortedMap<String, Double> figures = new TreeMap<>();
    try {
      JsonNode results = JSON.readTree(file.toFile());
      for (String kind : List.of("groups", "tasks")) {
        for (Map.Entry<String, JsonNode> each : results.path(kind).properties()) {
          for (Map.Entry<String, JsonNode> figure : each.getValue().path("figures").properties()) {
            figures.put(
                each.getKey() + "." + figure.getKey(),
                figure.getValue().path("value").asDouble(Double.NaN));
          }
        }
      }
      return figures;
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The table of figures in lines, for a terminal. */
  public static List<String> table(Evaluation.Results results) {
    return ResultTable.of(results).lines();
  }

  /** The model, where it is an artefact. */
  private static List<Provenance.Parent> parents(Run run) {
    return run.modelDirectory
        .filter(Artefact::isArtefact)
        .map(path -> new Provenance.Parent(Artefact.open(path).id(), path.toString()))
        .map(List::of)
        .orElse(List.of());
  }

  private static Provenance provenance(Run run, List<Provenance.Parent> parents) {
    TreeMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    String id = Provenance.runId(KIND, run.configYaml, run.written);
    return new Provenance(
        "evaluate",
        run.written,
        run.configYaml,
        parents,
        List.of(new StageCompute(id, "evaluate", 0, 0, run.flops, run.seconds)),
        List.of(),
        software);
  }

  private static ObjectNode json(Run run, PromptSettings prompts, Evaluation.Results results) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    ObjectNode model = json.putObject("model");
    model.put("label", run.model);
    model.set("identity", run.identity);
    run.modelDirectory
        .map(path -> path.resolve(Provenance.FILE))
        .filter(Files::isRegularFile)
        .ifPresent(file -> addCost(model.putObject("cost"), Provenance.read(file)));
    ObjectNode asked = json.putObject("prompts").put("seed", prompts.seed());
    prompts.limit().ifPresent(limit -> asked.put("limit", limit));
    prompts.shots().ifPresent(shots -> asked.put("fewShot", shots));
    prompts
        .chat()
        .ifPresent(
            chat -> {
              ObjectNode inChat = asked.putObject("chat").put("multiturn", chat.multiturn());
              chat.system().ifPresent(system -> inChat.put("system", system));
            });
    ObjectNode groups = json.putObject("groups");
    results.groups().values().forEach(group -> groups.set(group.group().name(), group(group)));
    ObjectNode tasks = json.putObject("tasks");
    results.tasks().values().forEach(task -> tasks.set(task.task().name(), task(task, prompts)));
    json.putObject("compute").put("flops", run.flops).put("seconds", run.seconds);
    return json.put("written", run.written.toString());
  }

  /** What it cost to make the model, ancestors included. */
  private static void addCost(ObjectNode cost, Provenance provenance) {
    cost.put("tokens", provenance.totalTokens())
        .put("flops", provenance.totalFlops())
        .put("sixNdFlops", provenance.totalSixNdFlops())
        .put("seconds", provenance.totalSeconds());
  }

  private static ObjectNode group(GroupResult result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", result.group().version()).put("samples", result.samples());
    json.set("figures", figures(result.figures()));
    var members = json.putArray("tasks");
    result.group().children().forEach(child -> members.add(child.name()));
    return json;
  }

  private static ObjectNode task(TaskResult result, PromptSettings prompts) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", result.task().version()).put("samples", result.samples().size());
    json.put("promptHash", promptHash(result));
    json.set("figures", figures(result.figures()));
    json.set("settings", result.task().settings(prompts));
    return json;
  }

  private static ObjectNode figures(Map<String, Figure> figures) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    figures.forEach(
        (key, figure) -> {
          ObjectNode each = json.putObject(key).put("value", figure.value());
          figure.error().ifPresent(error -> each.put("error", error));
          each.put("higherIsBetter", figure.higherIsBetter());
        });
    return json;
  }

  /** Of everything that was asked, in order: equal hashes mean equal prompts. */
  private static String promptHash(TaskResult result) {
    Sha256 hash = new Sha256();
    for (TaskResult.Sample sample : result.samples()) {
      for (Request request : sample.example().requests()) {
        byte[] bytes = (SampleJson.prompt(request) + "\0").getBytes(StandardCharsets.UTF_8);
        hash.add(bytes, bytes.length);
      }
    }
    return hash.hex();
  }

  private static void writeSamples(Writer writer, Evaluation.Results results) throws IOException {
    BufferedWriter lines = new BufferedWriter(writer);
    for (TaskResult task : results.tasks().values()) {
      for (TaskResult.Sample sample : task.samples()) {
        lines.write(JSON.writeValueAsString(SampleJson.of(task.task().name(), sample)));
        lines.write('\n');
      }
    }
    lines.flush();
  }
}
