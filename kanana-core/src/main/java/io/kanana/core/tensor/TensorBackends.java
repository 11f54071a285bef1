package io.kanana.core.tensor;

import io.kanana.core.config.Names;
import io.kanana.core.error.BackendException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Services;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The back ends on the class path. */
public final class TensorBackends {
  /** The name that stands for the best back end that can run here. */
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(TensorBackends.class);

  private TensorBackends() {}

  /** Every provider, best first. */
  public static List<TensorBackendProvider> providers() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return Services.load(TensorBackendProvider.class, loader).stream()
        .sorted(Comparator.comparingInt(TensorBackendProvider::rank).reversed())
        .toList();
  }

  /** Opens the best back end that can run here, with every processor. */
  public static TensorBackend open() {
    return open(AUTO, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens a back end by its name, or the best for {@value #AUTO}; says so in the log where a better
   * one cannot run here. The caller closes it.
   *
   * @throws BackendException if there is none of this name, or what is asked for cannot run
   */
  public static TensorBackend open(String name, int threads) {
    if (threads < 1) {
      throw new BackendException("threads must be at least 1, got " + threads);
    }
    return choose(name, providers(), LOG::warn).open(threads);
  }

  /**
   * Refuses a name under which {@link #open} finds nothing, without opening anything.
   *
   * @param path where a configuration has it
   * @throws ConfigException if there is no such back end on the class path
   */
  public static void checkName(String path, String name) {
    List<String> known = new ArrayList<>(List.of(AUTO));
    providers().forEach(provider -> known.add(provider.name()));
    if (!known.contains(name)) {
      throw new ConfigException(
          path, "unknown back end \"" + name + "\"; " + Names.suggestion(name, known));
    }
  }

  static TensorBackendProvider choose(
      String name, List<TensorBackendProvider> providers, Consumer<String> warnings) {
    return name.equals(AUTO) ? best(providers, warnings) : named(name, providers);
  }

  private static TensorBackendProvider best(
      List<TensorBackendProvider> providers, Consumer<String> warnings) {
    List<String> obstacles = new ArrayList<>();
    for (TensorBackendProvider provider : providers) {
      if (provider.obstacle().isEmpty()) {
        obstacles.forEach(o -> warnings.accept(o + "; using '" + provider.name() + "' instead"));
        return provider;
      }
      obstacles.add(obstacle(provider));
    }
    throw new BackendException(
        obstacles.isEmpty()
            ? "there is no back end on the class path"
            : String.join("; ", obstacles));
  }

  private static TensorBackendProvider named(String name, List<TensorBackendProvider> providers) {
    TensorBackendProvider chosen =
        providers.stream()
            .filter(provider -> provider.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name, providers));
    if (!chosen.obstacle().isEmpty()) {
      throw new BackendException(obstacle(chosen));
    }
    return chosen;
  }

  private static String obstacle(TensorBackendProvider provider) {
    return "back end '" + provider.name() + "' cannot run here: " + provider.obstacle();
  }

  private static BackendException unknown(String name, List<TensorBackendProvider> providers) {
    String known =
        providers.stream().map(TensorBackendProvider::name).collect(Collectors.joining(", "));
    return new BackendException("no back end '" + name + "'; on the class path: " + known);
  }
}
