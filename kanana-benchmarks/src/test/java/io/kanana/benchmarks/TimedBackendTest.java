package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** That timing passes on every call, with its arguments, and notes it once. */
class TimedBackendTest {
  private record Call(String method, List<Object> arguments) {}

  private final TensorBackend real = TensorBackends.open("cpu", 1);
  private final Scope scope = real.scope("test");
  private final List<Call> calls = new ArrayList<>();

  @AfterEach
  void close() {
    scope.close();
    real.close();
  }

  /** Notes its calls; answers with null, or with {@code answer} where that fits. */
  private <T> T noting(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              calls.add(new Call(method.getName(), Arrays.asList(given)));
              return method.getReturnType().isInstance(answer) ? answer : null;
            }));
  }

  private Object argument(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Tensor" -> scope.allocate(DType.F32, 4, 4);
      case "boolean" -> true;
      case "int" -> 1;
      case "double" -> 0.5;
      case "float[]" -> new float[1];
      case "double[]" -> new double[1];
      case "int[]" -> new int[1];
      case "String" -> "text";
      case "AttentionShape" -> new AttentionShape(1, 4, 1, 1, 4);
      case "AdamWStep" -> new AdamWStep(1, 0.9, 0.9, 1, 0, 1, 1, 1);
      case "DistillationLoss" -> DistillationLoss.of(Divergence.FORWARD, 0, 1, 1);
      case "TeacherRest" -> TeacherRest.BUCKET;
      default -> throw new AssertionError("no argument of " + type);
    };
  }

  private Call call(Object target, Method method) throws ReflectiveOperationException {
    Object[] arguments = Arrays.stream(method.getParameterTypes()).map(this::argument).toArray();
    method.invoke(target, arguments);
    return new Call(method.getName(), Arrays.asList(arguments));
  }

  private static Stream<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods()).filter(m -> Modifier.isAbstract(m.getModifiers()));
  }

  @TestFactory
  Stream<DynamicTest> everyKernelIsPassedOnAndNotedOnce() {
    return methods(Kernels.class)
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> passesOn(method)));
  }

  private void passesOn(Method method) throws ReflectiveOperationException {
    calls.clear();
    KernelTimes times = new KernelTimes();
    long[] clock = {0};
    Kernels timed =
        new TimedKernels(
            noting(Kernels.class, null), times, _ -> new int[] {0}, () -> clock[0] += 1_000);
    Call made = call(timed, method);
    assertThat(calls).containsExactly(made);
    assertThat(times.rows())
        .singleElement()
        .satisfies(row -> assertThat(row.kernel()).isEqualTo(method.getName()))
        .satisfies(row -> assertThat(row.calls()).isEqualTo(1))
        .satisfies(row -> assertThat(row.seconds()).isEqualTo(1e-6))
        .satisfies(row -> assertThat(row.bytes()).isPositive());
  }

  @TestFactory
  Stream<DynamicTest> everyMethodOfABackEndIsPassedOn() {
    return methods(TensorBackend.class)
        .map(
            method ->
                DynamicTest.dynamicTest(
                    method.toString(),
                    () -> {
                      calls.clear();
                      TensorBackend timed =
                          new TimedBackend(noting(TensorBackend.class, "name"), () -> 0);
                      Call made = call(timed, method);
                      assertThat(calls).containsExactly(made);
                    }));
  }

  @Test
  void nothingStandsBetweenUntilItIsAskedFor() {
    try (TimedBackend timed = new TimedBackend(TensorBackends.open("cpu", 1), () -> 0)) {
      Kernels plain = timed.kernels();
      assertThat(plain).isNotInstanceOf(TimedKernels.class);
      timed.record(new KernelTimes());
      assertThat(timed.kernels()).isInstanceOf(TimedKernels.class);
      timed.stop();
      assertThat(timed.kernels()).isSameAs(plain);
    }
  }
}
