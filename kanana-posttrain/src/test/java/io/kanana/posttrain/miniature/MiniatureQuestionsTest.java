package io.kanana.posttrain.miniature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.data.miniature.Quiz;
import io.kanana.data.miniature.World;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.ConversationStream;
import io.kanana.posttrain.conversation.FoundConversation;
import io.kanana.posttrain.preference.PreferencePair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void pairsAreTheSameQuestionsWithAWrongAnswer() {
    List<PreferencePair> pairs = new ArrayList<>();
    new MiniaturePairs(10, OptionalLong.of(60), 1).create().read(_ -> {}, pairs::add);
    assertThat(pairs).hasSize(60);
    List<Conversation> asked = stretch(10, 60);
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      assertThat(pair.chosen().messages()).isEqualTo(asked.get(i).messages());
      assertThat(pair.rejected().question()).isEqualTo(pair.chosen().question());
      assertThat(pair.rejected().messages().getLast())
          .isNotEqualTo(pair.chosen().messages().getLast());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "100000, 1", "0, 0", "0, 100000"})
  void aStretchLiesWithinAllQuestions(long first, long questions) {
    assertThatThrownBy(() -> new MiniatureConversations(first, OptionalLong.of(questions), 1))
        .isInstanceOf(ConfigException.class);
  }
}
