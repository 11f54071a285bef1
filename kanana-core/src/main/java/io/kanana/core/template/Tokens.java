package io.kanana.core.template;

import java.util.List;

/** The tokens of a template and how far a parser has come, including how deep it is. */
final class Tokens {
  private final List<Token> tokens;
  private final int maximumDepth;
  private int at;
  private int depth;

  Tokens(List<Token> tokens, int maximumDepth) {
    this.tokens = tokens;
    this.maximumDepth = maximumDepth;
  }

  Token current() {
    return tokens.get(at);
  }

  Token after() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  int line() {
    return current().line();
  }

  Token next() {
    Token token = current();
    if (!token.is(Token.Type.END)) {
      at++;
    }
    return token;
  }

  boolean skipOperator(String operator) {
    boolean found = current().operator(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipName(String name) {
    boolean found = current().name(name);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(Token.Type type, String what) {
    if (!current().is(type)) {
      throw unexpected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  Fault unexpected(String wanted) {
    return Fault.syntax(line(), "expected " + wanted + ", found " + current().describe());
  }

  /** Goes one bracket or block deeper; {@link #leave} must follow. */
  void enter() {
    if (++depth > maximumDepth) {
      throw Fault.syntax(
          line(), "brackets or blocks are nested more than " + maximumDepth + " deep");
    }
  }

  void leave() {
    depth--;
  }
}
