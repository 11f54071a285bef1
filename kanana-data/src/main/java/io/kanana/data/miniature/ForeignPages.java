package io.kanana.data.miniature;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Pages of the same world by people who write neither Korean nor English. Immutable. */
final class ForeignPages {
  /** Sentences by language, with {name} for a name and {number} for a number. */
  private record Tongue(String code, String space, List<String> names, List<String> sentences) {}

  private final List<Tongue> tongues = new ArrayList<>();

  ForeignPages() {
    Resources.yaml("foreign.yaml")
        .properties()
        .forEach(entry -> tongues.add(tongue(entry.getKey(), entry.getValue())));
  }

  private static Tongue tongue(String code, JsonNode node) {
    return new Tongue(
        code,
        node.path("space").asText(),
        texts(node.path("names")),
        texts(node.path("sentences")));
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  Page page(Page page, Draws draws) {
    Tongue tongue = draws.pick(tongues);
    String name = draws.pick(tongue.names());
    List<String> sentences = new ArrayList<>();
    for (String sentence : draws.sample(tongue.sentences(), draws.between(5, 9))) {
      String number = String.valueOf(draws.between(3, 2400));
      sentences.add(sentence.replace("{name}", name).replace("{number}", number));
    }
    return page.withText(String.join(tongue.space(), sentences) + "\n")
        .with("language", tongue.code());
  }
}
