package io.kanana.data.miniature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files of the miniature web that are part of the program. */
final class Resources {
  private Resources() {}

  static ObjectNode yaml(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      return Yaml.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
