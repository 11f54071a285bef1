package io.kanana.core.tensor;

import io.kanana.core.error.BackendException;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The back ends on the class path. */
public final class TensorBackends {
  /** The name that stands for the best back end that can run here. */
  public static final String AUTO = "auto";

  private TensorBackends() {}

  /** Every provider, best first. */
  public static List<TensorBackendProvider> providers() {
    return ServiceLoader.load(TensorBackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(TensorBackendProvider::rank).reversed())
        .toList();
  }

  /** Opens the best back end that can run here, with every processor. */
  public static TensorBackend open() {
    return open(AUTO, Runtime.getRuntime().availableProcessors());
  }

  /** Opens a back end by its name, or the best for {@value #AUTO}. The caller closes it. */
  public static TensorBackend open(String name, int threads) {
    List<TensorBackendProvider> providers = providers();
    if (threads < 1) {
      throw new BackendException("threads must be at least 1, got " + threads);
    }
    TensorBackendProvider chosen =
        providers.stream()
            .filter(p -> name.equals(AUTO) ? p.obstacle().isEmpty() : p.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name, providers));
    if (!chosen.obstacle().isEmpty()) {
      throw new BackendException("back end '" + name + "' cannot run here: " + chosen.obstacle());
    }
    return chosen.open(threads);
  }

  private static BackendException unknown(String name, List<TensorBackendProvider> providers) {
    String known =
        providers.stream().map(TensorBackendProvider::name).collect(Collectors.joining(", "));
    return new BackendException("no back end '" + name + "'; on the class path: " + known);
  }
}
