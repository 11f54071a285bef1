package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where an artefact comes from and what it cost, its ancestors included: {@code provenance.json}.
 * The ancestors' stages are carried along, so the sum needs no file but this one.
 *
 * @param job what made it: {@code pretrain}
 * @param written when
 * @param config the resolved configuration, as YAML
 * @param parents what it was made from
 * @param stages of the job itself
 * @param ancestors stages of all ancestors, each once
 * @param software names and versions of what took part
 */
public record Provenance(
    String job,
    Instant written,
    String config,
    List<Parent> parents,
    List<StageCompute> stages,
    List<StageCompute> ancestors,
    SortedMap<String, String> software) {
  /** The file's name. */
  public static final String FILE = "provenance.json";

  private static final int VERSION = 1;
  private static final int LARGEST = 16 << 20;

  /**
   * An artefact that was used.
   *
   * @param artefact its {@link Artefact#id}, or a digest of the model where others made it
   * @param path where it was, for people
   */
  public record Parent(String artefact, String path) {}

  public Provenance {
    parents = List.copyOf(parents);
    stages = List.copyOf(stages);
    ancestors = List.copyOf(ancestors);
    software = Collections.unmodifiableSortedMap(new TreeMap<>(software));
  }

  /** The identity of a run: the same job with the same configuration, begun at the same moment. */
  public static String runId(String job, String config, Instant begun) {
    String text = job + "\0" + begun + "\0" + config;
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /**
   * The stages of all ancestors, to be given to a child. A stage that is reached over several
   * parents counts once; of two checkpoints of one run the later counts.
   */
  public static List<StageCompute> ancestry(Collection<Provenance> parents) {
    return distinct(
        parents.stream().flatMap(p -> Stream.concat(p.ancestors.stream(), p.stages.stream())));
  }

  private static List<StageCompute> distinct(Stream<StageCompute> stages) {
    Map<String, StageCompute> latest = new LinkedHashMap<>();
    stages.forEach(
        stage -> latest.merge(stage.key(), stage, (a, b) -> b.flops() > a.flops() ? b : a));
    return List.copyOf(latest.values());
  }

  /** Every stage that led to the artefact, ancestors first. */
  public List<StageCompute> allStages() {
    return distinct(Stream.concat(ancestors.stream(), stages.stream()));
  }

  /** Operations of the artefact and its ancestors. */
  public double totalFlops() {
    return allStages().stream().mapToDouble(StageCompute::flops).sum();
  }

  /** 6 N D of the artefact and its ancestors. */
  public double totalSixNdFlops() {
    return allStages().stream().mapToDouble(StageCompute::sixNdFlops).sum();
  }

  /** Tokens that the artefact and its ancestors were trained on. */
  public long totalTokens() {
    return allStages().stream().mapToLong(StageCompute::tokens).sum();
  }

  /** Seconds in steps of the artefact and its ancestors. */
  public double totalSeconds() {
    return allStages().stream().mapToDouble(StageCompute::seconds).sum();
  }

  /**
   * Reads the file.
   *
   * @throws io.kanana.core.error.CheckpointException naming file and key
   */
  public static Provenance read(Path file) {
    JsonFields json = CheckpointJson.read(file, LARGEST);
    if (json.requireInt("version") != VERSION) {
      throw json.error("version", "must be " + VERSION + "; a newer kanana wrote this");
    }
    List<Parent> parents = new ArrayList<>();
    for (JsonFields parent : json.objects("parents")) {
      parents.add(new Parent(parent.requireString("artefact"), parent.requireString("path")));
    }
    SortedMap<String, String> software = new TreeMap<>();
    JsonFields versions = json.requireObject("software");
    versions.keys().forEach(name -> software.put(name, versions.requireString(name)));
    return new Provenance(
        json.requireString("job"),
        written(json),
        json.requireString("config"),
        parents,
        json.objects("stages").stream().map(StageCompute::read).toList(),
        json.objects("ancestors").stream().map(StageCompute::read).toList(),
        software);
  }

  private static Instant written(JsonFields json) {
    try {
      return Instant.parse(json.requireString("written"));
    } catch (DateTimeException e) {
      throw json.error("written", "must be a moment such as 2026-01-01T00:00:00Z");
    }
  }

  /** The file's content, with the sums for readers that do not want to compute them. */
  public byte[] toJson() {
    ObjectNode json =
        CheckpointJson.object()
            .put("version", VERSION)
            .put("job", job)
            .put("written", written.toString())
            .put("config", config);
    ArrayNode list = json.putArray("parents");
    parents.forEach(
        parent -> list.addObject().put("artefact", parent.artefact).put("path", parent.path));
    write(stages, json.putArray("stages"));
    write(ancestors, json.putArray("ancestors"));
    json.putObject("total")
        .put("tokens", totalTokens())
        .put("flops", totalFlops())
        .put("sixNdFlops", totalSixNdFlops())
        .put("seconds", totalSeconds());
    ObjectNode versions = json.putObject("software");
    software.forEach(versions::put);
    return CheckpointJson.write(json);
  }

  private static void write(List<StageCompute> stages, ArrayNode list) {
    stages.forEach(stage -> stage.write(list.addObject()));
  }
}
