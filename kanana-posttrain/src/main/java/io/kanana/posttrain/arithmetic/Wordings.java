package io.kanana.posttrain.arithmetic;

import java.util.List;
import java.util.Locale;

/**
 * Ways to ask for a sum. The numbers of a sum can be read from its question: they stand in it once
 * each. No Korean particle stands behind a number whose form depends on how it is read.
 */
final class Wordings {
  private Wordings() {}

  /** All ways, as formats: {@code %1$d} is the left number, {@code %2$d} the right one. */
  static List<String> of(Operation operation, boolean korean) {
    return korean ? korean(operation) : english(operation);
  }

  static String ask(String wording, Sum sum) {
    return String.format(Locale.ROOT, wording, sum.left(), sum.right());
  }

  private static List<String> english(Operation operation) {
    return switch (operation) {
      case ADD ->
          List.of(
              "What is %1$d + %2$d?",
              "Add %1$d and %2$d.",
              "A box holds marbles, %1$d of them, and %2$d more are put in. How many are there now?",
              "Work out the sum of %1$d and %2$d.");
      case SUBTRACT ->
          List.of(
              "What is %1$d - %2$d?",
              "Take %2$d from %1$d.",
              "Of %1$d apples on a tree, %2$d fall off. How many are left?",
              "Work out %1$d minus %2$d.");
      case MULTIPLY ->
          List.of(
              "What is %1$d × %2$d?",
              "Multiply %1$d by %2$d.",
              "The number of rows is %1$d, of seats in each %2$d. How many seats are there?",
              "Work out %1$d times %2$d.");
      case DIVIDE ->
          List.of(
              "What is %1$d ÷ %2$d?",
              "Divide %1$d by %2$d.",
              "Cards, %1$d of them, are dealt equally into piles, %2$d of those. How many are in a pile?",
              "Work out %1$d divided by %2$d.");
    };
  }

  private static List<String> korean(Operation operation) {
    return switch (operation) {
      case ADD ->
          List.of(
              "%1$d + %2$d의 값은 얼마입니까?",
              "%1$d에 %2$d만큼 더하면 얼마입니까?",
              "구슬이 %1$d개 든 상자에 %2$d개를 더 넣으면 모두 몇 개입니까?",
              "%1$d 더하기 %2$d의 값을 구하세요.");
      case SUBTRACT ->
          List.of(
              "%1$d - %2$d의 값은 얼마입니까?",
              "%1$d에서 %2$d만큼 빼면 얼마입니까?",
              "나무에 열린 사과 %1$d개 가운데 %2$d개가 떨어지면 몇 개가 남습니까?",
              "%1$d 빼기 %2$d의 값을 구하세요.");
      case MULTIPLY ->
          List.of(
              "%1$d × %2$d의 값은 얼마입니까?",
              "%1$d의 %2$d배는 얼마입니까?",
              "한 줄에 의자가 %2$d개씩 %1$d줄 있으면 의자는 모두 몇 개입니까?",
              "%1$d 곱하기 %2$d의 값을 구하세요.");
      case DIVIDE ->
          List.of(
              "%1$d ÷ %2$d의 값은 얼마입니까?",
              "%1$d의 값을 %2$d등분하면 하나는 얼마입니까?",
              "카드 %1$d장을 상자 %2$d개에 똑같이 나누어 담으면 한 상자에 몇 장입니까?",
              "%1$d 나누기 %2$d의 값을 구하세요.");
    };
  }
}
