package io.kanana.data;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.run.Engine;
import io.kanana.data.filter.run.LocalEngine;
import io.kanana.data.miniature.MiniatureWeb;
import java.util.List;

/** The open parts of this module that a configuration may choose by {@code type}. */
public final class DataExtensions implements ExtensionProvider {
  private static final String FILES =
      """
      format: auto
      text-field: text
      id-field: id
      split: none
      on-corrupt-file: stop
      max-record-bytes: 16777216
      max-expansion: 250
      max-entry-bytes: 68719476736
      namespaces: [0]
      """;

  private static final String MINIATURE_WEB =
      """
      documents: 20000
      korean-share: 0.5
      seed: 1
      kinds: [encyclopedia, questions, dialogue, arithmetic, story, guide, letter, parallel]
      faults: {}
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            DocumentSource.Config.class,
            "files",
            FilesConfig.class,
            "Files, plain, compressed or in archives: a file, a directory or a glob; format: auto tells most.",
            FILES),
        new Extension<>(
            DocumentSource.Config.class,
            "miniature-web",
            MiniatureWeb.Config.class,
            "A generated Korean and English web over one small world; needs no file.",
            MINIATURE_WEB),
        new Extension<>(
            Engine.Config.class,
            "local",
            LocalEngine.Config.class,
            "The threads of this process; without a number, one for each processor.",
            ""));
  }
}
