package io.kanana.posttrain.miniature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.data.miniature.Language;
import io.kanana.data.miniature.Question;
import io.kanana.data.miniature.Quiz;
import io.kanana.data.miniature.World;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.ConversationStream;
import io.kanana.posttrain.conversation.FoundConversation;
import io.kanana.posttrain.preference.PreferencePair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MiniatureQuestionsTest {
  private static List<Conversation> read(MiniatureConversations config) {
    List<Conversation> read = new ArrayList<>();
    try (ConversationStream stream = config.create().open(_ -> {})) {
      for (FoundConversation next = stream.next(); next != null; next = stream.next()) {
        read.add(next.conversation());
      }
    }
    return read;
  }

  private static List<Conversation> stretch(long first, long questions) {
    return read(new MiniatureConversations(first, OptionalLong.of(questions), 1));
  }

  private static List<String> questions(List<Conversation> conversations) {
    return conversations.stream().map(Conversation::question).toList();
  }

  @Test
  void everyQuestionToLearnFromComesOnce() {
    List<Conversation> all = read(new MiniatureConversations(0, OptionalLong.empty(), 1));
    assertThat(all).hasSameSizeAs(Quiz.toLearn(World.load()));
    assertThat(questions(all)).doesNotHaveDuplicates();
    assertThat(questions(all))
        .doesNotContainAnyElementsOf(
            Quiz.benchmark(World.load()).stream().map(item -> item.question().text()).toList());
    assertThat(all.stream().map(c -> c.messages().getLast().content()))
        .anyMatch(answer -> answer.endsWith("입니다."))
        .anyMatch(answer -> answer.matches("[\\x20-\\x7e]+\\."));
  }

  @Test
  void stretchesThatDoNotOverlapHaveNoQuestionInCommon() {
    Set<String> first = new HashSet<>(questions(stretch(0, 200)));
    assertThat(questions(stretch(200, 200))).doesNotContainAnyElementsOf(first);
    assertThat(questions(stretch(100, 50))).isEqualTo(questions(stretch(0, 200)).subList(100, 150));
  }

  private static List<PreferencePair> pairs(long first, long questions, Fault... faults) {
    List<PreferencePair> pairs = new ArrayList<>();
    new MiniaturePairs(first, OptionalLong.of(questions), 1, List.of(faults))
        .create()
        .read(_ -> {}, pairs::add);
    return pairs;
  }

  private static String rejected(PreferencePair pair) {
    return pair.rejected().messages().getLast().content();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void pairsAreTheSameQuestionsWithAWrongAnswer(Fault fault) {
    List<Conversation> asked = read(new MiniatureConversations(0, OptionalLong.empty(), 1));
    List<PreferencePair> pairs = pairs(0, asked.size(), fault);
    assertThat(pairs).hasSameSizeAs(asked);
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      assertThat(pair.chosen().messages()).isEqualTo(asked.get(i).messages());
      assertThat(pair.rejected().question()).isEqualTo(pair.chosen().question());
      assertThat(pair.rejected().messages().getLast())
          .isNotEqualTo(pair.chosen().messages().getLast());
    }
  }

  @Test
  void anAnswerInTheOtherLanguageIsTheRightOneThere() {
    Map<String, Question> questions = byText();
    for (PreferencePair pair : pairs(0, 100, Fault.LANGUAGE)) {
      Question asked = questions.get(pair.rejected().messages().getFirst().content());
      assertThat(questions.values())
          .anyMatch(
              other ->
                  other.language() != asked.language()
                      && other.fact().equals(asked.fact())
                      && other.completion().strip().equals(rejected(pair)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FACT", "KIND"})
  void anAnswerToAnotherQuestionIsOneInTheSameLanguage(Fault fault) {
    Map<String, Question> questions = byText();
    for (PreferencePair pair : pairs(0, 100, fault)) {
      Question asked = questions.get(pair.rejected().messages().getFirst().content());
      assertThat(questions.values())
          .anyMatch(
              other ->
                  other.language() == asked.language()
                      && isOfItsKind(other, asked) == (fault == Fault.FACT)
                      && other.completion().strip().equals(rejected(pair)));
    }
  }

  private static boolean isOfItsKind(Question one, Question other) {
    return one.fact().relation().equals(other.fact().relation());
  }

  /** All questions of the world. */
  private static Map<String, Question> byText() {
    Map<String, Question> questions = new HashMap<>();
    World world = World.load();
    for (Language language : Language.values()) {
      world.questions(language).forEach(q -> questions.put(q.text(), q));
    }
    return questions;
  }

  @Test
  void anUnfinishedAnswerIsTheBeginningOfTheRightOne() {
    for (PreferencePair pair : pairs(0, 100, Fault.UNFINISHED)) {
      String right = pair.chosen().messages().getLast().content();
      assertThat(right).startsWith(rejected(pair)).doesNotEndWith(rejected(pair));
      assertThat(rejected(pair)).isNotBlank();
    }
  }

  @Test
  void everyQuestionComesWithEachFault() {
    List<PreferencePair> both = pairs(5, 20, Fault.FACT, Fault.KIND);
    assertThat(both).hasSize(40);
    for (int i = 0; i < 20; i++) {
      assertThat(rejected(both.get(2 * i))).isEqualTo(rejected(pairs(5, 20, Fault.FACT).get(i)));
      assertThat(rejected(both.get(2 * i + 1)))
          .isEqualTo(rejected(pairs(5, 20, Fault.KIND).get(i)));
    }
  }

  @Test
  void faultsAreNamedOnce() {
    assertThatThrownBy(() -> pairs(0, 1)).hasMessageContaining("faults: must name at least one");
    assertThatThrownBy(() -> pairs(0, 1, Fault.KIND, Fault.KIND))
        .hasMessageContaining("faults: must not name a fault twice");
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "100000, 1", "0, 0", "0, 100000"})
  void aStretchLiesWithinAllQuestions(long first, long questions) {
    assertThatThrownBy(() -> new MiniatureConversations(first, OptionalLong.of(questions), 1))
        .isInstanceOf(ConfigException.class);
  }
}
