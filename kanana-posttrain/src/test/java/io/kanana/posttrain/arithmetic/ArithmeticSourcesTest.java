package io.kanana.posttrain.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.ConversationStream;
import io.kanana.posttrain.conversation.FoundConversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Role;
import io.kanana.posttrain.preference.PreferencePair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticSourcesTest {
  private static final List<Operation> ALL = List.of(Operation.values());
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  /** A step of the working: numbers with one sign between them, and what they make. */
  private static final Pattern STEP =
      Pattern.compile("(\\d+(?: \\+ \\d+)*|\\d+ [-×] \\d+) = (-?\\d+)");

  private static ArithmeticConversations conversations(
      List<Operation> operations, int digits, long questions, long first) {
    return new ArithmeticConversations(operations, digits, questions, first, 0.5, 7);
  }

  private static List<Conversation> read(ArithmeticConversations config) {
    List<Conversation> read = new ArrayList<>();
    try (ConversationStream stream =
        config
            .create()
            .open(
                rejected -> {
                  throw new AssertionError(rejected);
                })) {
      for (FoundConversation next = stream.next(); next != null; next = stream.next()) {
        assertThat(next.line()).isEqualTo(read.size() + 1);
        read.add(next.conversation());
      }
    }
    return read;
  }

  private static List<PreferencePair> read(ArithmeticPairs config) {
    List<PreferencePair> read = new ArrayList<>();
    config
        .create()
        .read(
            rejected -> {
              throw new AssertionError(rejected);
            },
            read::add);
    return read;
  }

  private static String question(Conversation conversation) {
    return conversation.messages().getFirst().content();
  }

  private static String answer(Conversation conversation) {
    return conversation.messages().getLast().content();
  }

  private static List<Long> numbers(String text) {
    return NUMBER.matcher(text).results().map(MatchResult::group).map(Long::valueOf).toList();
  }

  private static long result(String answer) {
    String mark = "\n#### ";
    assertThat(answer).containsOnlyOnce(mark);
    return Long.parseLong(answer.substring(answer.indexOf(mark) + mark.length()));
  }

  /** The numbers of a question, in order. */
  private static List<Long> sorted(String question) {
    List<Long> numbers = numbers(question).stream().limit(2).sorted().toList();
    assertThat(numbers).as(question).hasSize(2);
    return numbers;
  }

  /** What a question asks for, told from its words alone. */
  private static long expected(Operation operation, String question) {
    List<Long> two = sorted(question);
    return switch (operation) {
      case ADD -> two.get(0) + two.get(1);
      case SUBTRACT -> two.get(1) - two.get(0);
      case MULTIPLY -> two.get(0) * two.get(1);
      case DIVIDE -> two.get(1) / two.get(0);
    };
  }

  private static boolean holds(MatchResult step) {
    long value = Long.parseLong(step.group(2));
    long[] parts = numbers(step.group(1).replace("-", " ")).stream().mapToLong(n -> n).toArray();
    if (step.group(1).contains("×")) {
      return parts[0] * parts[1] == value;
    }
    return step.group(1).contains(" - ")
        ? parts[0] - parts[1] == value
        : Arrays.stream(parts).sum() == value;
  }

  @ParameterizedTest
  @EnumSource
  void answersAreRightAndEveryStepHolds(Operation operation) {
    for (int digits = 1; digits <= 6; digits++) {
      long most = Math.min(SumSpace.size(operation, digits), 2000);
      for (Conversation each : read(conversations(List.of(operation), digits, most, 0))) {
        assertThat(each.messages())
            .extracting(Message::role)
            .containsExactly(Role.USER, Role.ASSISTANT);
        assertThat(result(answer(each)))
            .as("%s %s", question(each), answer(each))
            .isEqualTo(expected(operation, question(each)));
        String working = answer(each).lines().findFirst().orElseThrow();
        assertThat(working.split(", "))
            .allSatisfy(
                step -> {
                  var matcher = STEP.matcher(step);
                  assertThat(matcher.matches()).as(step).isTrue();
                  assertThat(holds(matcher.toMatchResult())).as(working).isTrue();
                });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everySumComesOnceAndThereAreNoMore(int digits) {
    long n = Math.powExact(10L, digits) - 1;
    for (Operation operation : ALL) {
      long size = operation.commutes() ? n * (n + 1) / 2 : n * n;
      List<Conversation> whole = read(conversations(List.of(operation), digits, size, 0));
      Set<List<Long>> sums = new HashSet<>();
      whole.forEach(each -> sums.add(sorted(question(each))));
      assertThat(sums).hasSize((int) size);
      assertThatThrownBy(() -> conversations(List.of(operation), digits, size, 1))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("questions")
          .hasMessageContaining("at most " + size)
          .hasMessageContaining("got 1 + " + size);
    }
  }

  @Test
  void questionsFollowFromTheSettingsAlone() {
    ArithmeticConversations config = conversations(ALL, 3, 300, 40);
    List<String> texts = read(config).stream().map(Conversation::canonical).toList();
    assertThat(read(config)).extracting(Conversation::canonical).isEqualTo(texts);
    assertThat(read(conversations(ALL, 3, 200, 140)))
        .extracting(Conversation::canonical)
        .isEqualTo(texts.subList(100, 300));
    ArithmeticConversations other = new ArithmeticConversations(ALL, 3, 300, 40, 0.5, 8);
    assertThat(read(other)).extracting(Conversation::canonical).isNotEqualTo(texts);
  }

  @Test
  void theFirstQuestionsNeverChange() {
    assertThat(read(new ArithmeticConversations(ALL, 2, 4, 0, 0.5, 1)))
        .extracting(each -> question(each) + " " + answer(each))
        .as("other questions change every model that was trained on them; say so")
        .containsExactly(
            "47 + 79의 값은 얼마입니까? 7 + 9 = 16, 40 + 70 = 110, 16 + 110 = 126\n#### 126",
            "114에서 32만큼 빼면 얼마입니까? 114 - 30 = 84, 84 - 2 = 82\n#### 82",
            "Work out 76 times 3. 76 × 3 = 228\n#### 228",
            "Work out 2184 divided by 78. 78 × 28 = 2184\n#### 28");
  }

  @Test
  void languagesAndOrdersAreThoseAskedForAndOperationsTakeTurns() {
    List<Conversation> mixed = read(conversations(ALL, 3, 4000, 0));
    assertThat(mixed.stream().filter(each -> isKorean(question(each))).count())
        .isBetween(1850L, 2150L);
    assertThat(read(new ArithmeticConversations(ALL, 2, 200, 0, 0, 7)))
        .noneMatch(each -> isKorean(question(each)));
    assertThat(read(new ArithmeticConversations(ALL, 2, 200, 0, 1, 7)))
        .allMatch(each -> isKorean(question(each)));
    List<Conversation> added = read(conversations(List.of(Operation.ADD), 3, 1000, 0));
    assertThat(
            added.stream()
                .map(each -> numbers(question(each)))
                .filter(two -> two.get(0) < two.get(1))
                .count())
        .isBetween(430L, 570L);
    for (int i = 0; i < 400; i++) {
      assertThat(result(answer(mixed.get(i))))
          .isEqualTo(expected(ALL.get(i % 4), question(mixed.get(i))));
    }
  }

  private static boolean isKorean(String text) {
    return text.codePoints().anyMatch(c -> c >= '가' && c <= '힣');
  }

  @Test
  void theWrongAnswerIsWrongInOneStepAndFollowsFromThere() {
    List<PreferencePair> pairs = read(new ArithmeticPairs(ALL, 3, 4000, 10, 0.5, 7));
    List<Conversation> same = read(conversations(ALL, 3, 4000, 10));
    long larger = 0;
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      assertThat(pair.chosen().canonical()).isEqualTo(same.get(i).canonical());
      assertThat(question(pair.rejected())).isEqualTo(question(pair.chosen()));
      long right = result(answer(pair.chosen()));
      long wrong = result(answer(pair.rejected()));
      assertThat(wrong).isNotEqualTo(right).isNotNegative();
      larger += wrong > right ? 1 : 0;
      String working = answer(pair.rejected()).lines().findFirst().orElseThrow();
      assertThat(STEP.matcher(working).results().filter(step -> !holds(step)).count())
          .as(working)
          .isEqualTo(1);
    }
    assertThat(larger).as("so that size tells nothing").isBetween(1700L, 2300L);
  }

  @Test
  void aShareIsHeldOut() {
    HeldOut side = new HeldOut(0.1);
    assertThat(
            read(conversations(ALL, 3, 4000, 0)).stream()
                .filter(each -> side.contains(each.canonical()))
                .count())
        .isBetween(330L, 470L);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0.5, digits",
    "7, 10, 0, 0.5, digits",
    "2, 0, 0, 0.5, questions",
    "2, 10, -1, 0.5, first",
    "2, 10, 0, 1.5, korean-share",
    "2, 10, 0, NaN, korean-share",
    "2, 9223372036854775807, 9223372036854775807, 0.5, questions",
  })
  void settingsAreChecked(int digits, long questions, long first, double share, String key) {
    assertThatThrownBy(() -> new ArithmeticPairs(ALL, digits, questions, first, share, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
    assertThatThrownBy(() -> new ArithmeticConversations(ALL, digits, questions, first, share, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @Test
  void operationsAreChecked() {
    List<Operation> twice = List.of(Operation.ADD, Operation.ADD);
    assertThatThrownBy(() -> conversations(List.of(), 2, 1, 0))
        .hasMessageContaining("operations: must name at least one");
    assertThatThrownBy(() -> conversations(twice, 2, 1, 0))
        .hasMessageContaining("operations: must be different");
  }
}
