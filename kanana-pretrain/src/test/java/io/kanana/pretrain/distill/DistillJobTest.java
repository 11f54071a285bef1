package io.kanana.pretrain.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.optimize.DeepSeekLaw;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistillJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private Path teacher;
  private Path student;
  private SmallJobs small;

  @BeforeEach
  void place() throws IOException {
    teacher = TinyCheckpoint.write(directory.resolve("teacher"));
    student = new SmallJobs(directory.resolve("pruned")).pruned(teacher);
    small = jobs("small");
  }

  private SmallJobs jobs(String name) {
    return new SmallJobs(directory.resolve(name));
  }

  private String[] with(String... more) {
    return Stream.concat(
            Stream.of("model=" + student, "teacher={model: " + teacher + "}"), Stream.of(more))
        .toArray(String[]::new);
  }

  /** A term of the loss, step by step. */
  private static List<Double> divergences(SmallJobs jobs) throws IOException {
    return terms(jobs, "divergence");
  }

  private static List<Double> terms(SmallJobs jobs, String term) throws IOException {
    return Files.readAllLines(jobs.file("metrics.jsonl")).stream()
        .map(DistillJobTest::tree)
        .filter(line -> line.has(term))
        .map(line -> line.get(term).asDouble())
        .toList();
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss={divergence: forward}",
        "loss={divergence: reverse}",
        "loss={divergence: symmetric, temperature: 2}",
        "loss={divergence: jensen-shannon, teacher-share: 0.3}",
        "loss={top-k: 8}",
        "loss={top-k: 8, rest: dropped, cross-entropy: 0.2}",
        "loss={top-k: 8, rest: dropped-by-teacher}"
      })
  void theStudentComesCloserToItsTeacher(String loss) throws IOException {
    small.distill(with(loss, "train.until={steps: 60}", "train.save-every={steps: 60}"));
    List<Double> divergences = divergences(small);
    assertThat(divergences).hasSize(60);
    assertThat(divergences.getLast()).isLessThan(0.9 * divergences.getFirst());
  }

  private static final String HIDDEN_STATES =
      "loss.hidden-states={weight: 0.5, layers: [{student: 0, teacher: 0}, {student: 1, teacher: 1}]}";

  @Test
  void hiddenStatesComeCloserToo() throws IOException {
    small.distill(with(HIDDEN_STATES, "train.until={steps: 60}", "train.save-every={steps: 60}"));
    List<Double> distances = terms(small, "hidden-states");
    assertThat(distances).hasSize(60);
    assertThat(distances.getLast()).isLessThan(0.9 * distances.getFirst());
    assertThat(terms(small, "divergence").getLast())
        .isLessThan(terms(small, "divergence").getFirst());
  }

  /** The projections and their moments go on as well. */
  @Test
  void stoppedWithHiddenStatesItEndsWithTheSameBytes() throws IOException {
    small.distill(with(HIDDEN_STATES));
    SmallJobs stopped = jobs("stopped");
    for (int stops = 0; !Files.exists(stopped.file("model")); stops++) {
      assertThat(stops).isLessThan(50);
      Cancellation cancellation = new Cancellation();
      stopped.distill(_ -> cancellation.request(), cancellation, with(HIDDEN_STATES));
    }
    for (String name : List.of("model", "objective", "optimizer")) {
      String file = "model/" + name + ".safetensors";
      assertThat(stopped.file(file)).hasSameBinaryContentAs(small.file(file));
    }
  }

  /** Whoever goes on with the student and its moments meets nothing of them. */
  @Test
  void theProjectionsStayBehind() throws IOException {
    small.distill(with(HIDDEN_STATES));
    try (ParentModel model = ParentModel.open(small.file("model"));
        StoredTensors optimizer = StoredTensors.open(small.file("model"), "optimizer")) {
      assertThat(optimizer.names()).contains("moment1.objective.projections.0-0.weight");
      ReshapedModel same = ReshapedModel.of(model, ReshapePlan.none(model.shape()));
      assertThat(same.moments(optimizer))
          .hasSize(2 * same.weights(StoredType.F32).size())
          .noneMatch(moment -> moment.spec().name().contains("objective"));
    }
  }

  @Test
  void aRunDoesNotGoOnWithTheProjectionsOfOtherLayers() throws IOException {
    Cancellation cancellation = new Cancellation();
    small.distill(
        line -> {
          if (line.startsWith("step 2")) {
            cancellation.request();
          }
        },
        cancellation,
        with(HIDDEN_STATES));
    String others = HIDDEN_STATES.replace("{student: 0, teacher: 0}", "{student: 0, teacher: 1}");
    assertThatThrownBy(() -> small.distill(with(others)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("lacks tensor objective.projections.0-1.weight");
  }

  @Test
  void theReportHasTeacherAndStudentBeforeAndAfter() throws IOException {
    List<String> told = small.distill(with());
    JsonNode report = report(small);
    assertThat(report.at("/teacher/ffnSize").asInt()).isEqualTo(48);
    assertThat(report.at("/before/ffnSize").asInt()).isEqualTo(24);
    assertThat(loss(report, "before")).isNotEqualTo(loss(report, "teacher"));
    assertThat(loss(report, "after")).isNotEqualTo(loss(report, "before"));
    assertThat(told).last().asString().startsWith("after: 2 layers");
  }

  private static double loss(JsonNode report, String name) {
    return report.at("/" + name + "/heldOutLoss").asDouble();
  }

  /** Of windows of 16 tokens, though the model takes 96. */
  @Test
  void theLawCountsTheTokensOfTheWindows() throws IOException {
    small.distill(with("train.optimizer.learning-rate=auto", "train.schedule={type: constant}"));
    ModelConfig shape = HuggingFaceConfig.read(student.resolve("config.json")).model();
    double rate = DeepSeekLaw.learningRate(DeepSeekLaw.compute(shape, 6 * 4 * 16));
    assertThat(terms(small, "learning-rate")).hasSize(6).allMatch(found -> found == rate);
  }

  @Test
  void aStudentThatIsItsTeacherHasNothingToLearn() throws IOException {
    small.distill("model=" + teacher, "teacher={model: " + teacher + "}");
    assertThat(divergences(small).getFirst()).isCloseTo(0, offset(1e-5));
  }

  /**
   * What is listed is the same, so that every bit is: where as many rows go through the teacher at
   * once, since products of other numbers of rows are rounded otherwise on some processors.
   */
  @Test
  void aTeacherThatLeftItsAnswersIsAsGoodAsOneThatIsThere() throws IOException {
    SmallJobs store = jobs("store");
    store.logits("model=" + teacher, "sequences-per-part=6");
    small.distill(with("loss={top-k: 8}"));
    SmallJobs offline = jobs("offline");
    offline.distill("model=" + student, "teacher={logits: " + store.file("") + "}");
    assertThat(divergences(offline)).isEqualTo(divergences(small));
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(offline.file("model/" + name)).hasSameBinaryContentAs(small.file("model/" + name));
    }
  }

  /** Of a store with more tokens the first count, and the others join the rest. */
  @Test
  void fewerTokensThanAreStored() throws IOException {
    SmallJobs store = jobs("store");
    store.logits("model=" + teacher, "top-k=20");
    small.distill(with("loss={top-k: 8}"));
    SmallJobs offline = jobs("offline");
    offline.distill(
        "model=" + student, "teacher={logits: " + store.file("") + "}", "loss={top-k: 8}");
    assertThat(divergences(offline).getFirst())
        .isCloseTo(divergences(small).getFirst(), offset(1e-5));
  }

  @Test
  void aRunGoesOnWithALongerStore() throws IOException {
    SmallJobs store = jobs("store");
    store.logits("model=" + teacher, "sequences=12");
    String logits = "teacher={logits: " + store.file("") + "}";
    SmallJobs offline = jobs("offline");
    offline.distill("model=" + student, logits, "train.until={steps: 2}");
    SmallJobs longer = jobs("longer");
    longer.logits("model=" + teacher, "sequences=48");
    Files.move(store.file(""), directory.resolve("short"));
    Files.move(longer.file(""), store.file(""));
    offline.distill("model=" + student, logits, "train.until={steps: 6}");
    assertThat(divergences(offline)).hasSize(6);
  }

  @Test
  void stoppedAtEveryLineItEndsWithTheSameBytes() throws IOException {
    small.distill(with());
    SmallJobs stopped = jobs("stopped");
    int stops = 0;
    while (!Files.exists(stopped.file("model"))) {
      assertThat(stops++).isLessThan(50);
      Cancellation cancellation = new Cancellation();
      stopped.distill(_ -> cancellation.request(), cancellation, with());
    }
    assertThat(stops).isGreaterThan(4);
    stopped.distill(with());
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(stopped.file("model/" + name)).hasSameBinaryContentAs(small.file("model/" + name));
    }
    for (String name : List.of("teacher", "before", "after")) {
      assertThat(loss(report(stopped), name)).isEqualTo(loss(report(small), name));
    }
  }

  private static JsonNode report(SmallJobs jobs) throws IOException {
    return JSON.readTree(jobs.file("report.json").toFile());
  }

  /** The teacher's forward passes are counted, and what both cost before. */
  @Test
  void theLedgerHasTheTeachersWork() throws IOException {
    small.distill(with());
    SmallJobs next = jobs("next");
    next.distill("model=" + small.file("model"), "teacher={model: " + small.file("model") + "}");
    Provenance first = Provenance.read(small.file("model/provenance.json"));
    Provenance second = Provenance.read(next.file("model/provenance.json"));
    double tokens = 6 * 4 * 16;
    assertThat(first.stages().getFirst().flops())
        .isCloseTo(tokens * (flops(student) + flops(teacher) / 3), offset(1.0));
    assertThat(second.totalFlops() - first.totalFlops())
        .isCloseTo(tokens * flops(student) * 4 / 3, offset(1.0));
    assertThat(second.allStages())
        .extracting(StageCompute::stage)
        .containsExactly("importance", "prune", "distill", "distill");
    assertThat(second.parents()).hasSize(4);
  }

  private static double flops(Path model) {
    ModelConfig shape = HuggingFaceConfig.read(model.resolve("config.json")).model();
    return shape.trainingFlopsPerToken(16);
  }

  @Test
  void aStoreHasNoHiddenStates() {
    assertThatThrownBy(
            () -> small.distill("model=" + student, "teacher={logits: somewhere}", HIDDEN_STATES))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("loss.hidden-states: must not be given, since a store has no");
  }

  @Test
  void aTeacherWithAnotherTokenizerIsRefused() throws IOException {
    Path other = TinyCheckpoint.write(directory.resolve("other"));
    BytePairTokenizer tokenizer =
        new BpeTrainer(
                new BpeTrainer.Config(
                    290, List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>")))
            .train(List.of("Other words make other tokens, other words, other.").iterator(), 1);
    Tokenizers.save(tokenizer, TokenizerConfig.of(tokenizer), other);
    assertThatThrownBy(() -> small.distill("model=" + student, "teacher={model: " + other + "}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("teacher.model: must have the student's tokenizer, but ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "data.documents=[]@data: must name documents or tokens to learn on",
        "loss.temperature=0@loss.temperature: must be > 0, got 0.0",
        "loss.cross-entropy=1@loss.cross-entropy: must be at least 0 and below 1, got 1.0; job"
            + " pretrain trains by it alone",
        "loss={divergence: reverse, rest: dropped-by-teacher}@loss.rest: must not be"
            + " dropped-by-teacher with another divergence than forward, which is infinite",
        "loss.hidden-states={weight: 1, layers: [{student: 0, teacher: 2}]}"
            + "@loss.hidden-states.layers[0].teacher: must be one of the layers 0-1, got 2",
        "loss.hidden-states={weight: 1, layers: [{student: 0, teacher: 1}, {student: 0, teacher: 1}]}"
            + "@loss.hidden-states.layers: must be different pairs, got [",
        "loss.hidden-states={weight: 0, layers: []}@loss.hidden-states.weight: must be > 0, got 0.0",
        "train.micro-batch=0@train.micro-batch: must be at least 1, got 0",
        "train.schedule.warmup={steps: 9}@train.schedule"
      })
  void refusesWhatCannotBeDone(String assignment, String message) {
    assertThatThrownBy(() -> small.distill(with(assignment)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }
}
