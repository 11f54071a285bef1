package io.kanana.core.extension;

import java.util.List;

/**
 * What a jar adds to the open parts of configurations. Found by {@link java.util.ServiceLoader}: a
 * public class with a public constructor without arguments, named in {@code
 * META-INF/services/io.kanana.core.extension.ExtensionProvider}.
 */
public interface ExtensionProvider {
  /** The jar's extensions, of any kinds; the same at each call. */
  List<Extension<?>> extensions();
}
