package io.kanana.core.model;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Makes the parameters of a model, in the order in which they are listed. */
final class Weights {
  private final Scope scope;
  private final Kernels kernels;
  private final Precision precision;
  private final boolean trained;
  private final List<Parameter> parameters = new ArrayList<>();

  Weights(Scope scope, Kernels kernels, Precision precision, boolean trained) {
    this.scope = scope;
    this.kernels = kernels;
    this.precision = precision;
    this.trained = trained;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** A vector of a normalisation: no decay, never rounded. */
  Parameter norm(String name, int size) {
    Tensor value = scope.allocate(DType.F32, size);
    return add(List.of(new Part(name, 0, size)), false, value, value);
  }

  /** A matrix made of one or more published weights of {@code columns} columns. */
  Parameter matrix(boolean decays, List<Part> parts, int columns) {
    Tensor value = scope.allocate(DType.F32, parts.getLast().to(), columns);
    boolean rounded = precision.operands() != DType.F32;
    Tensor compute = rounded ? scope.allocate(precision.operands(), value.shape()) : value;
    return add(parts, decays, value, compute);
  }

  /** A matrix that products read as it is, whatever the precision. */
  Parameter exact(boolean decays, List<Part> parts, int columns) {
    Tensor value = scope.allocate(DType.F32, parts.getLast().to(), columns);
    return add(parts, decays, value, value);
  }

  private Parameter add(List<Part> parts, boolean decays, Tensor value, Tensor compute) {
    Tensor gradient = trained ? scope.zeros(kernels, DType.F32, value.shape()) : null;
    Parameter parameter = new Parameter(parts, decays, value, gradient, compute);
    parameters.add(parameter);
    return parameter;
  }
}
