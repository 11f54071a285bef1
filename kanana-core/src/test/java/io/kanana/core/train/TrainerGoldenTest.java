package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.GoldenModels;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Ten steps of AdamW against float64 PyTorch: losses, gradient norms and final weights, with
 * clipping, both kinds of decay, and accumulation over micro-batches of unequal target counts.
 */
@Tag("golden")
class TrainerGoldenTest {
  /** Largest differences: of a loss, of a norm, of a weight, and of weights on average. */
  private record Tolerance(double loss, double norm, double weight, double meanWeight) {
    static Tolerance of(String backend) {
      return backend.equals("reference")
          ? new Tolerance(1e-6, 1e-6, 2e-7, 2e-7)
          : new Tolerance(1e-5, 1e-4, 1e-4, 1e-6);
    }
  }

  private final Path folder = Golden.folder("models");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");

  @TestFactory
  Stream<DynamicTest> everyCaseOnEveryBackEnd() {
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(this::casesOf));
  }

  private Stream<DynamicTest> casesOf(TensorBackendProvider provider) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(golden -> golden.has("lrMax"))
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    provider.name() + " " + golden.get("id").asText(),
                    () -> {
                      try (TensorBackend backend = provider.open(2)) {
                        check(golden, backend);
                      }
                    }));
  }

  private void check(JsonNode golden, TensorBackend backend) {
    Tolerance tolerance = Tolerance.of(backend.name());
    Path directory = folder.resolve(golden.path("model").asText("mha-untied/"));
    ModelConfig config = GoldenModels.config(directory);
    try (Llama model = Llama.trainable(config, Precision.F32, backend);
        Optimizer optimizer = optimizer(golden).create(backend, model.parameters())) {
      GoldenModels.load(model, directory);
      checkDecayed(golden, model);
      train(golden, model, optimizer, tolerance);
      if (golden.has("finalWeights")) {
        checkWeights(golden.get("finalWeights").asText(), model, tolerance);
      } else {
        checkSums(golden, model, tolerance);
      }
    }
  }

  private static AdamW.Config optimizer(JsonNode golden) {
    boolean coupled = !golden.get("id").asText().contains("Independent");
    return new AdamW.Config(
        golden.get("lrMax").asDouble(),
        golden.get("betas").get(0).asDouble(),
        golden.get("betas").get(1).asDouble(),
        golden.get("eps").asDouble(),
        golden.get("weightDecay").asDouble(),
        coupled ? AdamW.Decay.COUPLED : AdamW.Decay.INDEPENDENT);
  }

  private static void checkDecayed(JsonNode golden, Llama model) {
    List<String> decayed =
        model.parameters().stream()
            .filter(Parameter::decays)
            .flatMap(parameter -> parameter.parts().stream().map(Part::name))
            .toList();
    List<String> expected = new ArrayList<>();
    golden.get("decayedParameters").forEach(name -> expected.add(name.asText()));
    assertThat(decayed).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void train(JsonNode golden, Llama model, Optimizer optimizer, Tolerance tolerance) {
    GoldenBatches data = new GoldenBatches(withBatches(golden));
    int warmup = golden.get("warmupSteps").asInt();
    LrSchedule schedule = step -> Math.min(1.0, (double) step / warmup);
    SpikeDetector spikes = new SpikeDetector(new SpikeDetector.Config(0, 2, 2));
    double clip = golden.get("clipNorm").asDouble();
    Trainer.Config config =
        new Trainer.Config(data.sequencesPerStep, data.microBatch, clip, false, 1);
    TrainingObjective objective = new NextToken(new NextToken.Config(0));
    Trainer trainer =
        new Trainer(model, optimizer, schedule, objective, data, spikes, config, () -> 0);
    for (JsonNode step : golden.get("steps")) {
      StepReport report = trainer.step();
      assertThat(report.loss()).isCloseTo(step.get("loss").asDouble(), offset(tolerance.loss));
      assertThat(report.gradientNorm())
          .isCloseTo(step.get("gradNorm").asDouble(), offset(tolerance.norm));
      assertThat(report.learningRate()).isCloseTo(step.get("lr").asDouble(), offset(1e-12));
    }
  }

  /** The case that holds the batches: the case itself, or the one it shares them with. */
  private JsonNode withBatches(JsonNode golden) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(c -> c.get("id").equals(golden.path("batchesOf")))
        .findFirst()
        .orElse(golden);
  }

  private static void checkSums(JsonNode golden, Llama model, Tolerance tolerance) {
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        double[] weights = model.backend().doubles(parameter.view(part, parameter.value()));
        double expected = golden.get("finalWeightSum").get(part.name()).asDouble();
        double allowed = weights.length * tolerance.meanWeight;
        assertThat(java.util.Arrays.stream(weights).sum()).isCloseTo(expected, offset(allowed));
      }
    }
  }

  private void checkWeights(String prefix, Llama model, Tolerance tolerance) {
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        double[] expected = tensors.doubles(prefix + part.name());
        double[] actual = model.backend().doubles(parameter.view(part, parameter.value()));
        double worst = 0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
          worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
          sum += Math.abs(actual[i] - expected[i]);
        }
        assertThat(worst).as(part.name()).isLessThanOrEqualTo(tolerance.weight);
        assertThat(sum / expected.length).as(part.name()).isLessThanOrEqualTo(tolerance.meanWeight);
      }
    }
  }

  /** The batches of a case: [step][row][token], or [step][microBatch][row][token] with targets. */
  private static final class GoldenBatches implements BatchSource {
    private final List<int[]> rows = new ArrayList<>();
    private final List<int[]> targets = new ArrayList<>();
    private final int sequencesPerStep;
    private final int microBatch;

    GoldenBatches(JsonNode golden) {
      boolean accumulated = golden.has("targets");
      JsonNode steps = golden.get("batches");
      for (int step = 0; step < steps.size(); step++) {
        if (accumulated) {
          for (int m = 0; m < steps.get(step).size(); m++) {
            add(steps.get(step).get(m), golden.get("targets").get(step).get(m));
          }
        } else {
          add(steps.get(step), null);
        }
      }
      sequencesPerStep = rows.size() / steps.size();
      microBatch = accumulated ? steps.get(0).get(0).size() : sequencesPerStep;
    }

    private void add(JsonNode batch, JsonNode given) {
      for (int row = 0; row < batch.size(); row++) {
        int[] tokens = Golden.ints(batch.get(row));
        int[] target = new int[tokens.length];
        for (int t = 0; t < tokens.length; t++) {
          int next = t + 1 < tokens.length ? tokens[t + 1] : TokenBatch.IGNORE;
          target[t] = given == null ? next : Math.max(-1, given.get(row).get(t).asInt());
        }
        rows.add(tokens);
        targets.add(target);
      }
    }

    @Override
    public int contextLength() {
      return rows.getFirst().length;
    }

    @Override
    public long epochLength() {
      return rows.size();
    }

    @Override
    public TokenBatch batch(long firstSequence, int count) {
      int time = contextLength();
      int[] tokens = new int[count * time];
      int[] target = new int[count * time];
      int[] positions = new int[count * time];
      for (int i = 0; i < tokens.length; i++) {
        int row = (int) firstSequence + i / time;
        tokens[i] = rows.get(row)[i % time];
        target[i] = targets.get(row)[i % time];
        positions[i] = i % time;
      }
      return new TokenBatch(count, time, tokens, target, positions, new int[count * time], 0);
    }

    @Override
    public String fingerprint() {
      return "golden";
    }
  }
}
