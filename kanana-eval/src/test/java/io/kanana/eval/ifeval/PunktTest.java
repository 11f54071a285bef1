package io.kanana.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PunktTest {
  @TempDir Path directory;

  /** Sentences are separated by a bar, which is none of the text's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "One. Two! Three?; One.|Two!|Three?",
        "Dr. Smith met Mr. Lee at 3.5 p.m. today.; Dr. Smith met Mr. Lee at 3.5 p.m. today.",
        "They came at 5 p.m. He left.; They came at 5 p.m.|He left.",
        "J. R. Smith wrote it.; J. R. Smith wrote it.",
        "Wait... what? No... Never!; Wait... what?|No... Never!",
        "He said \"stop.\" Then he left.; He said \"stop.\"|Then he left.",
        "(It is so.) “Indeed.” Yes.; (It is so.)|“Indeed.”|Yes.",
        "Only one; Only one",
        "그날은 조용했다. 배가 왔다.; 그날은 조용했다.|배가 왔다.",
        "See www.example.com. It's great!It is.; See www.example.com.|It's great!It is.",
        "Grew 3.5 percent. 2. Second item.; Grew 3.5 percent.|2.|Second item.",
      })
  void sentences(String text, String expected) {
    assertThat(new Punkt(PunktModel.usual()).split(text)).containsExactly(expected.split("\\|"));
  }

  @Test
  void blankTextHasNone() {
    assertThat(new Punkt(PunktModel.usual()).split("")).isEmpty();
    assertThat(new Punkt(PunktModel.usual()).split(" \n ")).isEmpty();
  }

  private PunktModel model(
      String abbreviations, String collocations, String starters, String contexts)
      throws IOException {
    Files.writeString(directory.resolve("abbrev_types.txt"), abbreviations);
    Files.writeString(directory.resolve("collocations.tab"), collocations);
    Files.writeString(directory.resolve("sent_starters.txt"), starters);
    Files.writeString(directory.resolve("ortho_context.tab"), contexts);
    return PunktModel.read(directory);
  }

  @Test
  void aModelOfNltkIsRead() throws IOException {
    Punkt punkt =
        new Punkt(model("abc\nx-y", "s\tbach\n##number##\tmai", "thus", "ship\t34\nPort\t4"));
    assertThat(punkt.split("An abc. of it. S. Bach left.")).hasSize(2);
    assertThat(punkt.split("An abc. Thus it was.")).hasSize(2);
    assertThat(punkt.split("An abc. Ship it.")).hasSize(2);
    assertThat(punkt.split("An abc. Port it.")).hasSize(1);
    assertThat(punkt.split("Am 3. Mai.")).hasSize(1);
    assertThat(punkt.split("Am 3. Juni.")).hasSize(2);
  }

  @Test
  void aModelThatIsNoneIsNamed() throws IOException {
    assertThatThrownBy(() -> PunktModel.read(directory.resolve("none")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ortho_context.tab: there is no such file");
    assertThatThrownBy(() -> model("", "", "", "ship"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("\"ship\" is no word, tab and number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "NASA,ESA.; NASA|,|ESA|.",
        "I'm OK, they'll say.; I|'m|OK|,|they|'ll|say|.",
        "You CANNOT win (A-B) -- ever!; You|CAN|NOT|win|(|A-B|)|--|ever|!",
        "'Tis \"so\"; '|Tis|``|so|''",
        "It cost $3,000: cheap...; It|cost|$|3,000|:|cheap|...",
        "the dogs' U.S. house; the|dogs|'|U.S.|house",
      })
  void words(String sentence, String expected) {
    assertThat(TreebankWords.split(sentence)).isEqualTo(List.of(expected.split("\\|")));
  }
}
