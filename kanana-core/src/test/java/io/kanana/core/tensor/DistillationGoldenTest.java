package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Losses and gradients of distillation against those of PyTorch in double precision. */
@Tag("golden")
class DistillationGoldenTest {
  private final Path folder = Golden.folder("losses");
  private final JsonNode values = Golden.json(folder.resolve("values.json"));
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));
  private final Map<String, JsonNode> cases = new LinkedHashMap<>();

  @TestFactory
  Stream<DynamicTest> everyCase() {
    values.get("cases").forEach(found -> cases.put(found.get("id").asText(), found));
    List<String> ids =
        cases.keySet().stream()
            .filter(id -> id.startsWith("distil.") || id.startsWith("fused."))
            .filter(id -> cases.get(id).has("loss") && !id.equals("fused.tokenLogProbs"))
            .toList();
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(
                provider ->
                    ids.stream()
                        .map(
                            id ->
                                DynamicTest.dynamicTest(
                                    id + " on " + provider.name(), () -> check(provider, id)))));
  }

  private void check(TensorBackendProvider provider, String id) {
    try (TensorBackend backend = provider.open(1);
        Scope scope = backend.scope("golden")) {
      boolean exact = provider.name().equals("reference");
      new Case(backend, scope, id, exact ? 1e-11 : 1e-5).check();
    }
  }

  /** The mean over targets: a case states its loss in its name and its numbers. */
  private final class Case {
    private final TensorBackend backend;
    private final Scope scope;
    private final String id;
    private final JsonNode node;
    private final double tolerance;
    private final boolean fused;
    private final Map<String, Tensor> operands = new HashMap<>();
    private final int[] targets;
    private final Tensor sums;

    Case(TensorBackend backend, Scope scope, String id, double tolerance) {
      this.backend = backend;
      this.scope = scope;
      this.id = id;
      this.node = cases.get(id);
      this.tolerance = tolerance;
      this.fused = id.startsWith("fused.");
      this.sums = scope.zeros(backend.kernels(), DType.F64, 3);
      JsonNode inputs = cases.get(fused ? "fused.inputs" : "distil.inputs");
      targets = flat(inputs.get("labels"));
      int[] mask = flat(inputs.get("mask"));
      for (int i = 0; i < targets.length; i++) {
        targets[i] = mask[i] == 1 ? targets[i] : Kernels.IGNORED;
      }
      operands.put("student", fused ? stored(inputs, "hidden") : logits(inputs, "studentLogits"));
      operands.put(
          "teacher", fused ? stored(inputs, "teacherHidden") : logits(inputs, "teacherLogits"));
      int vocabulary = operands.get("teacher").dim(-1);
      operands.put("weight", fused ? stored(inputs, "weight") : identity(vocabulary));
      operands.put("teacherWeight", fused ? stored(inputs, "teacherWeight") : identity(vocabulary));
    }

    private int[] flat(JsonNode rows) {
      return rows.get(0).isArray()
          ? Stream.iterate(0, i -> i < rows.size(), i -> i + 1)
              .flatMapToInt(i -> Arrays.stream(Golden.ints(rows.get(i))))
              .toArray()
          : Golden.ints(rows);
    }

    private Tensor write(double[] numbers, int... shape) {
      Tensor tensor = scope.allocate(DType.F32, shape);
      backend.write(numbers, tensor);
      return tensor;
    }

    /** [rows, n] with as many rows as there are targets, or [V, C]. */
    private Tensor stored(JsonNode inputs, String name) {
      double[] numbers = tensors.doubles(inputs.get(name).asText());
      boolean perTarget = name.endsWith("idden");
      int columns =
          perTarget
              ? numbers.length / targets.length
              : columns(name.equals("weight") ? "student" : "teacher");
      return write(numbers, numbers.length / columns, columns);
    }

    private int columns(String operand) {
      return operands.get(operand).dim(1);
    }

    private Tensor logits(JsonNode inputs, String name) {
      double[] numbers = tensors.doubles(inputs.get(name).asText());
      return write(numbers, targets.length, numbers.length / targets.length);
    }

    private Tensor identity(int size) {
      double[] numbers = new double[size * size];
      for (int i = 0; i < size; i++) {
        numbers[i * size + i] = 1;
      }
      return write(numbers, size, size);
    }

    private double count() {
      return Arrays.stream(targets).filter(target -> target != Kernels.IGNORED).count();
    }

    private DistillationLoss loss() {
      double temperature = id.contains(".T2") ? 2 : 1;
      double squared = id.endsWith("timesT2") ? temperature * temperature : 1;
      boolean mixed = id.endsWith("PlusCe");
      double scale = squared * (mixed ? 0.5 : 1);
      double share = id.contains("jsd") ? share() : 0;
      return new DistillationLoss(
          divergence(), share, temperature, scale / count(), mixed ? 0.5 / count() : 0, 0);
    }

    private double share() {
      return Double.parseDouble(id.replaceAll(".*jsd(0\\.\\d).*", "$1"));
    }

    private Divergence divergence() {
      if (id.contains("reverseKl")) {
        return Divergence.REVERSE;
      }
      if (id.contains("jeffreys")) {
        return Divergence.SYMMETRIC;
      }
      return id.contains("jsd") ? Divergence.JENSEN_SHANNON : Divergence.FORWARD;
    }

    void check() {
      Tensor student = operands.get("student");
      Tensor weight = operands.get("weight");
      Tensor dHidden = scope.allocate(DType.F32, student.shape());
      Tensor dWeight = scope.zeros(backend.kernels(), DType.F32, weight.shape());
      Tensor wanted = scope.allocate(DType.I32, targets.length);
      backend.write(targets, wanted);
      double loss = run(wanted, dHidden, dWeight);
      double expected = node.get("loss").asDouble();
      assertThat(loss).isCloseTo(expected, offset(tolerance * Math.abs(expected)));
      if (fused) {
        assertGradient("hidden", dHidden);
        assertGradient("weight", dWeight);
      } else {
        assertGradient("studentLogits", dHidden);
      }
    }

    private double run(Tensor wanted, Tensor dHidden, Tensor dWeight) {
      if (id.startsWith("fused.crossEntropy")) {
        return crossEntropy(wanted, dHidden, dWeight);
      }
      DistillationLoss loss = loss();
      if (id.contains("topK")) {
        runTop(loss, wanted, dHidden, dWeight);
      } else {
        backend
            .kernels()
            .linearDivergence(
                loss,
                operands.get("student"),
                operands.get("weight"),
                operands.get("teacher"),
                operands.get("teacherWeight"),
                wanted,
                sums,
                dHidden,
                dWeight);
      }
      double[] terms = backend.doubles(sums);
      return loss.divergenceScale() * terms[DistillationLoss.DIVERGENCE]
          + loss.crossEntropyScale() * terms[DistillationLoss.CROSS_ENTROPY];
    }

    private double crossEntropy(Tensor wanted, Tensor dHidden, Tensor dWeight) {
      double zLoss = id.endsWith("ZLoss") ? 1e-2 : 0;
      Tensor two = scope.zeros(backend.kernels(), DType.F64, 2);
      backend
          .kernels()
          .linearCrossEntropy(
              operands.get("student"),
              operands.get("weight"),
              wanted,
              1 / count(),
              zLoss,
              two,
              dHidden,
              dWeight);
      double[] terms = backend.doubles(two);
      return (terms[0] + zLoss * terms[1]) / count();
    }

    private void runTop(DistillationLoss loss, Tensor wanted, Tensor dHidden, Tensor dWeight) {
      int k = node.get("k").asInt();
      Tensor ids = scope.allocate(DType.I32, targets.length, k);
      Tensor logs = scope.allocate(DType.F32, targets.length, k);
      Tensor rest = scope.allocate(DType.F32, targets.length);
      Kernels kernels = backend.kernels();
      kernels.linearTopProbabilities(
          operands.get("teacher"),
          operands.get("teacherWeight"),
          loss.temperature(),
          ids,
          logs,
          rest);
      int[] found = new int[targets.length * k];
      backend.read(ids, found);
      assertThat(found).isEqualTo(topIndices());
      kernels.linearTopDivergence(
          loss,
          rest(),
          operands.get("student"),
          operands.get("weight"),
          ids,
          logs,
          rest,
          wanted,
          sums,
          dHidden,
          dWeight);
    }

    private TeacherRest rest() {
      if (id.contains("RenormalisedBoth")) {
        return TeacherRest.DROPPED;
      }
      return id.contains("RenormalisedTeacher")
          ? TeacherRest.DROPPED_BY_TEACHER
          : TeacherRest.BUCKET;
    }

    private int[] topIndices() {
      JsonNode sequences = cases.get("distil.topKTail.T1").get("topIndices");
      return Stream.iterate(0, i -> i < sequences.size(), i -> i + 1)
          .flatMapToInt(i -> Arrays.stream(flat(sequences.get(i))))
          .toArray();
    }

    private void assertGradient(String of, Tensor actual) {
      double[] expected = tensors.doubles(node.get("grads").get(of).asText());
      double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
      boolean rounded = tensors.isRounded(node.get("grads").get(of).asText());
      double allowed = Math.max(tolerance, rounded ? 1e-7 : 0) * largest;
      assertThat(backend.doubles(actual)).containsExactly(expected, offset(allowed));
    }
  }
}
