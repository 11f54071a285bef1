package io.kanana.core.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds added tokens in a text: leftmost first, the longest of those that begin there. */
final class AddedTokenMatcher {
  /** Receives ordinary text and tokens from left to right. */
  interface Sink {
    void text(int from, int to);

    void token(int id, int from, int to);
  }

  private static final class Node {
    final Map<Character, Node> next = new HashMap<>();
    AddedToken token;
  }

  private final Node root = new Node();
  private final long[] firstCharacters = new long[0x10000 / 64];
  private final boolean empty;
  private final boolean onlySpecial;

  AddedTokenMatcher(List<AddedToken> tokens, java.util.function.UnaryOperator<String> form) {
    List<AddedToken> found = new ArrayList<>();
    for (AddedToken token : tokens) {
      String pattern = form.apply(token.content());
      if (!pattern.isEmpty()) {
        add(pattern, token);
        found.add(token);
      }
    }
    empty = found.isEmpty();
    onlySpecial = found.stream().allMatch(AddedToken::special);
  }

  private void add(String pattern, AddedToken token) {
    Node node = root;
    for (int i = 0; i < pattern.length(); i++) {
      node = node.next.computeIfAbsent(pattern.charAt(i), c -> new Node());
    }
    if (node.token == null) {
      node.token = token;
    }
    firstCharacters[pattern.charAt(0) >> 6] |= 1L << pattern.charAt(0);
  }

  /**
   * Cuts {@code text[from, to)}.
   *
   * @param specials whether special tokens are found; otherwise they are ordinary text
   */
  void split(char[] text, int from, int to, boolean specials, Sink sink) {
    if (empty || (onlySpecial && !specials)) {
      sink.text(from, to);
      return;
    }
    int done = from;
    for (int i = from; i < to; ) {
      if ((firstCharacters[text[i] >> 6] & 1L << text[i]) == 0) {
        i++;
        continue;
      }
      int end = longest(text, i, to);
      if (end < 0) {
        i++;
        continue;
      }
      AddedToken token = tokenAt(text, i, end);
      if ((specials || !token.special()) && fits(token, text, from, i, end, to)) {
        done = emit(token, text, done, i, end, to, sink);
      }
      i = Math.max(end, done);
    }
    if (done < to) {
      sink.text(done, to);
    }
  }

  private static int emit(
      AddedToken token, char[] text, int done, int start, int end, int to, Sink sink) {
    int left = start;
    while (token.lstrip() && left > done && CharClasses.isSpace(text[left - 1])) {
      left--;
    }
    int right = end;
    while (token.rstrip() && right < to && CharClasses.isSpace(text[right])) {
      right++;
    }
    if (done < left) {
      sink.text(done, left);
    }
    sink.token(token.id(), left, right);
    return right;
  }

  private int longest(char[] text, int from, int to) {
    int end = -1;
    Node node = root;
    for (int i = from; i < to; i++) {
      node = node.next.get(text[i]);
      if (node == null) {
        break;
      }
      end = node.token == null ? end : i + 1;
    }
    return end;
  }

  private AddedToken tokenAt(char[] text, int from, int to) {
    Node node = root;
    for (int i = from; i < to; i++) {
      node = node.next.get(text[i]);
    }
    return node.token;
  }

  private static boolean fits(AddedToken token, char[] text, int from, int start, int end, int to) {
    boolean alone =
        start == from || !CharClasses.isWord(Character.codePointBefore(text, start, from));
    alone &= end == to || !CharClasses.isWord(Character.codePointAt(text, end, to));
    return alone || !token.singleWord();
  }
}
