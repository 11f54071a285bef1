package io.kanana.core.extension;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Names;
import io.kanana.core.config.Yaml;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * One choice for an open part of a configuration: what {@code type: name} stands for.
 *
 * <p>The part is an interface whose one method makes the thing, and the extension's configuration
 * record implements it, so a bound configuration is already the factory and every kind of part says
 * by its own signature what it needs:
 *
 * <pre>{@code
 * interface LrSchedule {
 *   double at(long step);
 *   interface Config { LrSchedule create(long totalSteps); }
 * }
 * record Constant(double rate) implements LrSchedule.Config { ... }
 *
 * new Extension<>(LrSchedule.Config.class, "constant", Constant.class, "The same rate throughout.", "rate: 0.001")
 * }</pre>
 *
 * @param <K> the part's interface
 * @param kind the part's interface
 * @param name what a configuration calls it: kebab-case, unique in its kind
 * @param config a record that implements the kind, and has no component named {@code type}
 * @param summary one sentence for {@code kanana list}
 * @param defaults YAML for the keys that need not be given; empty for none
 */
public record Extension<K>(
    Class<K> kind, String name, Class<? extends K> config, String summary, String defaults) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /**
   * @throws IllegalArgumentException if it breaks one of the rules above
   */
  public Extension {
    require(kind.isInterface(), kind.getName() + " must be an interface");
    require(NAME.matcher(name).matches(), "extension name must be kebab-case, got " + name);
    require(config.isRecord(), config.getName() + " must be a record");
    require(
        Arrays.stream(config.getRecordComponents()).noneMatch(c -> c.getName().equals("type")),
        config.getName() + " must not have a component named type, which chooses the extension");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** The defaults as a tree. */
  public ObjectNode defaultTree() {
    return Yaml.read(defaults);
  }

  /** Where it was loaded from: the path of its jar or class folder. */
  public String location() {
    return location(config);
  }

  /** How messages call a kind: {@code LrSchedule.Config} is {@code lr-schedule}. */
  public static String kindName(Class<?> kind) {
    return Names.ofPart(kind);
  }

  /** The path of the jar or class folder that {@code type} was loaded from. */
  public static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      return "the JDK";
    }
    try {
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException _) {
      return source.getLocation().toString(); // not a file
    }
  }
}
