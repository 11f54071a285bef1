package io.kanana.data.extract;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.List;

/**
 * Wikitext becomes text. A page of nothing but templates is dropped as {@code no-text}, with the
 * length of its markup.
 */
public final class WikitextStep implements DocumentTransform {
  /**
   * @param dropSections headings, in any case, whose sections are left out: lists of links and
   *     literature
   */
  public record Config(List<String> dropSections) implements CascadeStep.Config {
    public Config {
      dropSections = List.copyOf(dropSections);
    }

    @Override
    public WikitextStep create() {
      return new WikitextStep(this);
    }
  }

  private final Wikitext wikitext;

  public WikitextStep(Config config) {
    this.wikitext = new Wikitext(config.dropSections());
  }

  @Override
  public Verdict apply(Document document) {
    String text = wikitext.text(document.text());
    if (text.isBlank()) {
      return Verdict.drop("no-text", document.text().length());
    }
    return Verdict.keep(new Document(document.id(), text, document.metadata()));
  }
}
