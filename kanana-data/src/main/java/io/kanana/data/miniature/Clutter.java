package io.kanana.data.miniature;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What web pages have beside their text, and pages that have nothing else. Immutable. */
final class Clutter {
  private record Lines(
      List<String> above, List<String> below, List<String> goods, List<String> spam) {}

  private final Map<Language, Lines> lines = new EnumMap<>(Language.class);

  Clutter() {
    for (Language language : Language.values()) {
      JsonNode node = Resources.yaml("clutter.yaml").path(language.code());
      lines.put(
          language,
          new Lines(
              ForeignPages.texts(node.path("above")),
              ForeignPages.texts(node.path("below")),
              ForeignPages.texts(node.path("goods")),
              ForeignPages.texts(node.path("spam"))));
    }
  }

  /** The page's text between lines of a site. */
  String around(Page page, Draws draws) {
    Lines own = lines.get(page.language());
    List<String> all = new ArrayList<>(draws.sample(own.above(), draws.between(1, 2)));
    all.add(page.text().strip());
    all.addAll(draws.sample(own.below(), draws.between(1, 3)));
    return String.join("\n", all) + "\n";
  }

  /** One article praised until a search engine believes it. */
  String spam(Language language, Draws draws) {
    Lines own = lines.get(language);
    String goods = draws.pick(own.goods());
    List<String> phrases = draws.sample(own.spam(), 3);
    StringBuilder text = new StringBuilder();
    int count = draws.between(20, 60);
    for (int i = 0; i < count; i++) {
      text.append(draws.pick(phrases).replace("{goods}", goods));
      text.append(i % 6 == 5 ? '\n' : ' ');
    }
    return text.toString().strip() + "\n";
  }
}
