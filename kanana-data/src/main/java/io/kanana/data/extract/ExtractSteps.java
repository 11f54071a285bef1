package io.kanana.data.extract;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The steps of this package, as a configuration may choose them by {@code type}. */
public final class ExtractSteps implements ExtensionProvider {
  private static final String SECTIONS =
      """
      drop-sections: [References, External links, Further reading, See also, Notes, Bibliography, Sources, 각주, 외부 링크, 같이 보기, 참고 문헌, 참고문헌, 참고 자료, 출처]
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        step("html", HtmlStep.class, "HTML pages become their main text.", ""),
        step("wikitext", WikitextStep.Config.class, "Wikitext becomes text.", SECTIONS),
        step("latex", LatexStep.class, "LaTeX becomes text.", ""));
  }

  private static Extension<CascadeStep.Config> step(
      String name, Class<? extends CascadeStep.Config> config, String summary, String defaults) {
    return new Extension<>(CascadeStep.Config.class, name, config, summary, defaults);
  }
}
