package io.kanana.data.filter.basic;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The steps of this package, as a configuration may choose them by {@code type}. */
public final class BasicSteps implements ExtensionProvider {
  private static final String LICENCES =
      """
      field: license
      allow: [CC0-1.0, CC-BY-4.0, CC-BY-3.0, CC-BY-SA-4.0, CC-BY-SA-3.0, PDDL-1.0, Unlicense, MIT, Apache-2.0, BSD-2-Clause, BSD-3-Clause, ISC]
      missing: drop
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        step(
            "length", LengthFilter.Config.class, "Drops documents that are too short or long.", ""),
        step(
            "sample",
            SampleFilter.Config.class,
            "Keeps a share of the documents, drawn by a digest of their id.",
            "seed: 1"),
        step(
            "url-block-list",
            UrlBlockList.Config.class,
            "Drops documents from listed domains or addresses.",
            "{field: url, domains: [], files: []}"),
        step(
            "licence-allow-list",
            LicenceAllowList.Config.class,
            "Drops documents whose metadata name no listed licence.",
            LICENCES),
        step(
            "mojibake",
            MojibakeFilter.Config.class,
            "Drops text that was read in another encoding than it was written in.",
            "max-share: 0.005"));
  }

  private static Extension<CascadeStep.Config> step(
      String name, Class<? extends CascadeStep.Config> config, String summary, String defaults) {
    return new Extension<>(CascadeStep.Config.class, name, config, summary, defaults);
  }
}
