package io.kanana.data.filter.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QualityStepsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new QualitySteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of();
  }

  /** A step with the texts that trigger each of its reasons, and prose that it keeps. */
  abstract static class QualityContract extends CascadeStepContract {
    private final String name;

    QualityContract(String name) {
      this.name = name;
    }

    @Override
    protected CascadeStep.Config config() {
      return Steps.config("{type: " + name + "}");
    }

    @Override
    protected List<Document> documents() {
      List<Document> documents = new ArrayList<>();
      TriggersTest.triggers()
          .map(trigger -> (String) trigger.get()[2])
          .filter(text -> !text.isBlank() && text.length() < 20_000)
          .forEach(text -> documents.add(Document.of("d" + documents.size(), text)));
      return documents;
    }
  }

  @Nested
  class Quality extends QualityContract {
    Quality() {
      super("gopher-quality");
    }
  }

  @Nested
  class KoreanQuality extends QualityContract {
    KoreanQuality() {
      super("korean-gopher-quality");
    }
  }

  @Nested
  class Repetition extends QualityContract {
    Repetition() {
      super("gopher-repetition");
    }
  }

  @Nested
  class KoreanRepetition extends QualityContract {
    KoreanRepetition() {
      super("korean-gopher-repetition");
    }
  }

  @Nested
  class Sentences extends QualityContract {
    Sentences() {
      super("c4");
    }
  }

  @Nested
  class KoreanSentences extends QualityContract {
    KoreanSentences() {
      super("korean-c4");
    }
  }

  @Nested
  class Lines extends QualityContract {
    Lines() {
      super("fineweb-quality");
    }
  }

  @Nested
  class KoreanLines extends QualityContract {
    KoreanLines() {
      super("korean-fineweb-quality");
    }
  }

  /** Limits that are off leave nothing that a text without words could be divided by. */
  @Nested
  class WithoutLeastWords extends CascadeStepContract {
    @Override
    protected CascadeStep.Config config() {
      return Steps.config("{type: gopher-quality, min-words: 0, min-stop-words: 0}");
    }

    @Override
    protected List<Document> documents() {
      return List.of(Document.of("kept", "some words"), Document.of("dropped", "# # #"));
    }
  }

  @Test
  void mistakesAreAllReported() {
    assertThatThrownBy(
            () ->
                Steps.config(
                    "{type: gopher-quality, min-words: -1, max-words: 3, max-bullet-lines: 2, "
                        + "min-stop-words: 3, stop-words: [a, '']}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("steps[0].min-words")
        .hasMessageContaining("steps[0].max-bullet-lines");
    assertThatThrownBy(
            () -> Steps.config("{type: gopher-repetition, max-top-ngrams: [.1, .1, .1, .1, 2]}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("max-top-ngrams");
  }

  @Test
  void wordsAreChosenByName() {
    assertThat(Steps.config("{type: gopher-quality, words: korean}"))
        .isInstanceOfSatisfying(
            GopherQuality.Config.class, config -> assertThat(config.words()).hasToString("KOREAN"));
  }
}
