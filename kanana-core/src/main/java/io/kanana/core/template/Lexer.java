package io.kanana.core.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens: {@code -} and {@code +} as in Jinja and, under the rules that chat
 * templates are written for, {@code trim_blocks} (the newline after a block tag goes), {@code
 * lstrip_blocks} (blanks before a block tag that stands first on its line go), and one newline at
 * the very end goes.
 */
final class Lexer {
  private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
  private static final String SINGLE_OPERATORS = "+-/*%~[](){}><=.:|,;";

  private final String source;
  private final boolean trims;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineCountedTo;

  private Lexer(String source, boolean trims) {
    this.source = source;
    this.trims = trims;
  }

  /**
   * @param trims whether white space that only lays the tags out goes
   */
  static List<Token> tokens(String template, boolean trims) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (trims && source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    return new Lexer(source, trims).run();
  }

  private List<Token> run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        add(Token.Type.DATA, source.substring(at));
        at = source.length();
      } else {
        tag(tag);
      }
    }
    add(Token.Type.END, "");
    return tokens;
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void tag(int tag) {
    char kind = source.charAt(tag + 1);
    int after = tag + 2;
    char sign = after < source.length() ? source.charAt(after) : ' ';
    boolean signed = sign == '-' || sign == '+';
    data(before(at, tag, signed ? sign : ' ', kind == '{'));
    at = signed ? after + 1 : after;
    switch (kind) {
      case '#' -> comment();
      case '{' -> code(Token.Type.PRINT_BEGIN, Token.Type.PRINT_END);
      default -> {
        if (!raw()) {
          code(Token.Type.BLOCK_BEGIN, Token.Type.BLOCK_END);
        }
      }
    }
  }

  /** The text before a tag, without the blanks that the tag takes away. */
  private String before(int from, int to, char sign, boolean print) {
    String text = source.substring(from, to);
    if (sign == '-') {
      return PythonText.stripEnd(text, null);
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean strips = trims && sign != '+' && !print;
    boolean startsLine = lineStart > 0 || from == 0 || source.charAt(from - 1) == '\n';
    if (strips && startsLine && PythonText.isBlank(text.substring(lineStart))) {
      return text.substring(0, lineStart);
    }
    return text;
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw Fault.syntax(lineAt(at), "a comment is not closed with '#}'");
    }
    boolean minus = end > at && source.charAt(end - 1) == '-';
    boolean plus = end > at && source.charAt(end - 1) == '+';
    at = end + 2;
    afterTag(minus, !plus);
  }

  /** Moves past what the end of a tag takes away. */
  private void afterTag(boolean minus, boolean newline) {
    if (minus) {
      at = PythonText.skipSpace(source, at);
    } else if (trims && newline && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
  }

  /** A {@code raw} block, if one begins here. */
  private boolean raw() {
    int i = word(at, "raw");
    if (i < 0) {
      return false;
    }
    boolean minus = source.startsWith("-%}", i);
    if (!minus && !source.startsWith("%}", i)) {
      return false;
    }
    at = minus ? PythonText.skipSpace(source, i + 3) : i + 2;
    for (int end = source.indexOf("{%", at); end >= 0; end = source.indexOf("{%", end + 2)) {
      if (endRaw(end)) {
        return true;
      }
    }
    throw Fault.syntax(lineAt(at), "a raw block is not closed with '{% endraw %}'");
  }

  private boolean endRaw(int tag) {
    int i = tag + 2;
    char sign = i < source.length() ? source.charAt(i) : ' ';
    boolean signed = sign == '-' || sign == '+';
    i = word(signed ? i + 1 : i, "endraw");
    if (i < 0) {
      return false;
    }
    boolean minus = source.startsWith("-%}", i);
    boolean plus = source.startsWith("+%}", i);
    if (!minus && !plus && !source.startsWith("%}", i)) {
      return false;
    }
    data(before(at, tag, signed ? sign : ' ', false));
    at = minus || plus ? i + 3 : i + 2;
    afterTag(minus, !plus);
    return true;
  }

  /** The place after a word and the blanks around it, or -1. */
  private int word(int from, String word) {
    int i = PythonText.skipSpace(source, from);
    return source.startsWith(word, i) ? PythonText.skipSpace(source, i + word.length()) : -1;
  }

  private void code(Token.Type begin, Token.Type end) {
    add(begin, "");
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      at = PythonText.skipSpace(source, at);
      if (at >= source.length()) {
        throw Fault.syntax(lineAt(at), "a tag is not closed");
      }
      if (open.isEmpty() && end(end)) {
        return;
      }
      token(open);
    }
  }

  private boolean end(Token.Type type) {
    String mark = type == Token.Type.PRINT_END ? "}}" : "%}";
    boolean block = type == Token.Type.BLOCK_END;
    boolean minus = source.startsWith("-" + mark, at);
    boolean plus = block && source.startsWith("+" + mark, at);
    if (!minus && !plus && !source.startsWith(mark, at)) {
      return false;
    }
    add(type, "");
    at += minus || plus ? 3 : 2;
    afterTag(minus, block && !plus);
    return true;
  }

  private void token(Deque<Character> open) {
    char c = source.charAt(at);
    if (c >= '0' && c <= '9') {
      number();
    } else if (c == '_' || Character.isLetterOrDigit(source.codePointAt(at))) {
      name();
    } else if (c == '\'' || c == '"') {
      string(c);
    } else {
      operator(open);
    }
  }

  private void name() {
    int end = at;
    while (end < source.length() && wordPart(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    take(Token.Type.NAME, end);
  }

  private static boolean wordPart(int c) {
    return c == '_'
        || (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }

  private void number() {
    int radixEnd = radixDigits();
    if (radixEnd > 0) {
      take(Token.Type.INTEGER, radixEnd);
      return;
    }
    boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
    int end = digits(at);
    int fraction = afterDot || !source.startsWith(".", end) ? end : digits(end + 1);
    boolean real = fraction > end + 1;
    int last = real ? fraction : end;
    int exponent = afterDot ? last : exponent(last);
    take(real || exponent > last ? Token.Type.FLOAT : Token.Type.INTEGER, exponent);
  }

  /** The end of a hexadecimal, octal or binary integer here, or 0. */
  private int radixDigits() {
    if (source.charAt(at) != '0' || at + 2 >= source.length()) {
      return 0;
    }
    int radix = PythonText.radix(source.charAt(at + 1));
    int end = at + 2;
    while (radix > 0
        && end < source.length()
        && (source.charAt(end) == '_' || Character.digit(source.charAt(end), radix) >= 0)) {
      end++;
    }
    return end > at + 2 ? end : 0;
  }

  private int exponent(int from) {
    if (from >= source.length() || Character.toLowerCase(source.charAt(from)) != 'e') {
      return from;
    }
    int start = from + 1;
    if (start < source.length() && "+-".indexOf(source.charAt(start)) >= 0) {
      start++;
    }
    int end = digits(start);
    return end > start ? end : from;
  }

  /** The end of decimal digits, between which single underscores may stand. */
  private int digits(int from) {
    int end = from;
    while (end < source.length() && (digit(end) || (source.charAt(end) == '_' && digit(end + 1)))) {
      end++;
    }
    return end;
  }

  private boolean digit(int index) {
    return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw Fault.syntax(lineAt(at), "a string is not closed");
    }
    String body = source.substring(at + 1, end);
    tokens.add(new Token(Token.Type.STRING, PythonText.unescape(body, lineAt(at)), lineAt(at)));
    at = end + 1;
  }

  private void operator(Deque<Character> open) {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        take(Token.Type.OPERATOR, at + 2);
        return;
      }
    }
    char c = source.charAt(at);
    if (SINGLE_OPERATORS.indexOf(c) < 0) {
      String found = Character.toString(source.codePointAt(at));
      throw Fault.syntax(lineAt(at), "the character '" + found + "' is not expected here");
    }
    balance(c, open);
    take(Token.Type.OPERATOR, at + 1);
  }

  private void balance(char c, Deque<Character> open) {
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != c) {
          throw Fault.syntax(lineAt(at), "'" + c + "' closes nothing");
        }
      }
      default -> {}
    }
  }

  private void take(Token.Type type, int end) {
    add(type, source.substring(at, end));
    at = end;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Token.Type.DATA, text);
    }
  }

  private void add(Token.Type type, String text) {
    tokens.add(new Token(type, text, lineAt(at)));
  }

  /** Counts on from the last place asked for, so that all lines together cost one pass. */
  private int lineAt(int index) {
    while (lineCountedTo < Math.min(index, source.length())) {
      if (source.charAt(lineCountedTo++) == '\n') {
        line++;
      }
    }
    return line;
  }
}
