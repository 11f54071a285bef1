package io.kanana.core.extension;

import io.kanana.core.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * What jars on the class path add by a line in {@code META-INF/services}. A mistake in a jar is one
 * of whoever put it there, and named with the file and the class.
 */
public final class Services {
  private static final String PLACE = "META-INF/services/";

  private Services() {}

  /**
   * An object of each class that is named for {@code service}.
   *
   * @throws ConfigException if a file or a class cannot be used
   */
  public static <S> List<S> load(Class<S> service, ClassLoader loader) {
    List<S> found = new ArrayList<>();
    try {
      ServiceLoader.load(service, loader).forEach(found::add);
    } catch (ServiceConfigurationError | LinkageError e) {
      String fault = String.valueOf(e.getMessage()).replace(service.getName() + ": ", "");
      String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
      throw new ConfigException(
          PLACE + service.getName(),
          fault + cause + files(service, fault, loader) + "; mend it, or take the jar away");
    }
    return found;
  }

  /** Those of the files that name the class of which the fault tells. */
  private static String files(Class<?> service, String fault, ClassLoader loader) {
    List<String> guilty = new ArrayList<>();
    try {
      for (URL file : Collections.list(loader.getResources(PLACE + service.getName()))) {
        if (lines(file).stream().anyMatch(line -> !line.isEmpty() && fault.contains(line))) {
          guilty.add(file.toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a file that was just read cannot be read again", e);
    }
    return guilty.isEmpty() ? "" : " in " + String.join(", ", guilty);
  }

  private static List<String> lines(URL file) throws IOException {
    try (InputStream in = file.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .toList();
    }
  }
}
