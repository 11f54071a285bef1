package io.kanana.core.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Job;
import io.kanana.core.job.Jobs;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes of somebody who adds a jar. */
class ServicesTest {
  @TempDir Path directory;

  /** Its constructor fails. */
  public static final class Broken implements ExtensionProvider {
    public Broken() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public List<Extension<?>> extensions() {
      return List.of();
    }
  }

  /** Its one extension breaks a rule. */
  public static final class Wrong implements ExtensionProvider {
    @Override
    public List<Extension<?>> extensions() {
      return List.of(new Extension<>(Runnable.class, "Bad Name", null, "", ""));
    }
  }

  private URLClassLoader jarNaming(Class<?> service, String line) throws IOException {
    Path file = directory.resolve("META-INF/services").resolve(service.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, "# ours\n" + line + " # here\n");
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, ServicesTest.class.getClassLoader());
  }

  @Test
  void aClassThatIsNotThere() throws IOException {
    try (URLClassLoader loader = jarNaming(Job.class, "com.example.NoJob")) {
      assertThatThrownBy(() -> Jobs.load(loader))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("META-INF/services/io.kanana.core.job.Job: ")
          .hasMessageContaining("com.example.NoJob not found in file:")
          .hasMessageContaining(directory.getFileName().toString());
    }
  }

  @Test
  void aClassThatCannotBeMade() throws IOException {
    try (URLClassLoader loader = jarNaming(ExtensionProvider.class, Broken.class.getName())) {
      assertThatThrownBy(() -> Extensions.load(loader))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("ServicesTest$Broken")
          .hasMessageContaining("no licence");
    }
  }

  @Test
  void aClassOfAnotherKind() throws IOException {
    try (URLClassLoader loader = jarNaming(ExtensionProvider.class, ServicesTest.class.getName())) {
      assertThatThrownBy(() -> Extensions.load(loader))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("ServicesTest not a subtype in file:");
    }
  }

  @Test
  void anExtensionThatBreaksARule() throws IOException {
    try (URLClassLoader loader = jarNaming(ExtensionProvider.class, Wrong.class.getName())) {
      assertThatThrownBy(() -> Extensions.load(loader))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(Wrong.class.getName() + " in ")
          .hasMessageContaining("extension name must be kebab-case, got Bad Name");
    }
  }

  @Test
  void placesAreReadable() throws Exception {
    Path place = directory.resolve("my jars, 내 것");
    String name = Broken.class.getName();
    Path file = place.resolve(name.replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    try (InputStream in = Broken.class.getResourceAsStream("ServicesTest$Broken.class")) {
      Files.copy(in, file);
    }
    Path interfaces = Path.of(Extension.location(ExtensionProvider.class));
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {place.toUri().toURL(), interfaces.toUri().toURL()},
            ClassLoader.getPlatformClassLoader())) {
      assertThat(Extension.location(loader.loadClass(name))).isEqualTo(place.toString());
    }
  }
}
