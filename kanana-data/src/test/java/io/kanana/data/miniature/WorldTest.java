package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {
  private final World world = World.load();

  @Test
  void everyTownHasOneResidentAndAWayOnFromEveryRoad() {
    for (Entity town : world.all("town")) {
      assertThat(world.all("character")).filteredOn(c -> c.link("home") == town).hasSize(1);
      assertThat(world.roadsFrom(town)).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void friendsAreFriendsOfEachOther() {
    assertThat(world.all("character"))
        .allMatch(c -> c.link("friend") != c && c.link("friend").link("friend") == c);
  }

  @Test
  void noTwoEntitiesOfAKindShareAName() {
    for (String kind : List.of("town", "character", "goods", "river", "mountain")) {
      for (Language language : Language.values()) {
        assertThat(world.all(kind)).extracting(e -> e.name().in(language)).doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQuestionHasOneAnswerAndItIsAmongTheChoices(Language language) {
    Map<String, String> answers = new HashMap<>();
    List<Question> questions = world.questions(language);
    assertThat(questions).hasSameSizeAs(world.facts()).hasSizeGreaterThan(250);
    for (Question question : questions) {
      assertThat(answers.put(question.text(), question.answer())).as(question.text()).isNull();
      assertThat(question.choices()).contains(question.answer()).doesNotHaveDuplicates();
      assertThat(question.choices()).as(question.text()).hasSizeGreaterThanOrEqualTo(3);
      assertThat(question.prompt() + question.completion()).doesNotContain("(", "{", "[");
    }
  }

  @Test
  void questionsReadAsPagesHaveThem() {
    Question korean = world.questions(Language.KOREAN).getFirst();
    Question english = world.questions(Language.ENGLISH).getFirst();
    assertThat(korean.prompt() + korean.completion()).isEqualTo("질문: 솔마루는 어디에 있습니까?\n답: 북쪽 고원입니다.");
    assertThat(english.prompt() + english.completion())
        .isEqualTo("Question: Where is Solmaru?\nAnswer: In the northern highlands.");
  }
}
