package io.kanana.core.extension;

import io.kanana.core.config.OpenParts;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The extensions that one program knows, by kind and name. Immutable. */
public final class Extensions implements OpenParts {
  private final Map<Class<?>, Map<String, Extension<?>>> byKind = new LinkedHashMap<>();

  private Extensions(List<? extends ExtensionProvider> providers) {
    List<Problem> problems = new ArrayList<>();
    for (ExtensionProvider provider : providers) {
      extensions(provider, problems).forEach(extension -> add(extension, problems));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** Those of one provider; a definition that cannot work is its author's mistake. */
  private static List<Extension<?>> extensions(ExtensionProvider provider, List<Problem> problems) {
    try {
      return provider.extensions();
    } catch (IllegalArgumentException e) {
      Class<?> type = provider.getClass();
      problems.add(new Problem(type.getName() + " in " + Extension.location(type), e.getMessage()));
      return List.of();
    }
  }

  /**
   * Those of every provider on the class path.
   *
   * @throws ConfigException if a provider cannot be used, or two of a kind have the same name
   */
  public static Extensions load(ClassLoader loader) {
    return new Extensions(Services.load(ExtensionProvider.class, loader));
  }

  /**
   * Those of the given providers and no others.
   *
   * @throws ConfigException if two of a kind have the same name
   */
  public static Extensions of(ExtensionProvider... providers) {
    return new Extensions(List.of(providers));
  }

  private void add(Extension<?> extension, List<Problem> problems) {
    Map<String, Extension<?>> named =
        byKind.computeIfAbsent(extension.kind(), kind -> new TreeMap<>());
    Extension<?> other = named.putIfAbsent(extension.name(), extension);
    if (other != null) {
      problems.add(
          new Problem(
              Extension.kindName(extension.kind()) + " " + extension.name(),
              "is defined twice, by "
                  + Stream.of(other, extension)
                      .map(e -> e.config().getName() + " in " + e.location())
                      .collect(Collectors.joining(" and by "))
                  + "; rename or remove one"));
    }
  }

  /** The extension of that kind and name. */
  public Optional<? extends Extension<?>> find(Class<?> kind, String name) {
    return Optional.ofNullable(byKind.getOrDefault(kind, Map.of()).get(name));
  }

  @Override
  public Optional<Choice> choice(Class<?> kind, String name) {
    return find(kind, name)
        .map(extension -> new Choice(extension.config(), extension.defaultTree()));
  }

  /** The names that exist of a kind, in alphabetical order. */
  @Override
  public Set<String> names(Class<?> kind) {
    return Collections.unmodifiableSet(byKind.getOrDefault(kind, Map.of()).keySet());
  }

  /** All of them, by the name of their kind, then by their own. */
  public List<Extension<?>> all() {
    return stream()
        .sorted(
            Comparator.comparing((Extension<?> e) -> Extension.kindName(e.kind()))
                .thenComparing(Extension::name))
        .toList();
  }

  private Stream<Extension<?>> stream() {
    return byKind.values().stream().flatMap(named -> named.values().stream());
  }
}
