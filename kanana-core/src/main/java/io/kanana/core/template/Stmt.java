package io.kanana.core.template;

import java.util.List;

/** A piece of a template, as parsed, with the line where it starts. */
sealed interface Stmt {
  /** The name, which no template can write, of the text that a block filter filters. */
  String BODY = " body";

  int line();

  record Text(String text, int line) implements Stmt {}

  record Print(Expr value, int line) implements Stmt {}

  record If(List<Branch> branches, List<Stmt> otherwise, int line) implements Stmt {}

  record Branch(Expr test, List<Stmt> body) {}

  /** {@code filter} is null where there is no {@code if}. */
  record For(
      Target target,
      Expr items,
      Expr filter,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise,
      int line)
      implements Stmt {}

  record Set(Target target, Expr value, int line) implements Stmt {}

  /** The text of the body, filtered by an expression over {@link #BODY}. */
  record SetBlock(Target target, Expr filtered, List<Stmt> body, int line) implements Stmt {}

  record Macro(String name, Signature signature, List<Stmt> body, int line) implements Stmt {}

  /**
   * The parameters of a macro or of a {@code call} block; a default is null where there is none.
   *
   * @param mentions which of {@code varargs}, {@code kwargs} and {@code caller} the body names:
   *     only then are such arguments taken
   */
  record Signature(List<String> names, List<Expr> defaults, java.util.Set<String> mentions) {}

  record CallBlock(Expr.Call call, Signature signature, List<Stmt> body, int line)
      implements Stmt {}

  record FilterBlock(Expr filtered, List<Stmt> body, int line) implements Stmt {}

  record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {}

  /** What the assistant says: the text to train on. */
  record Generation(List<Stmt> body, int line) implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  /** What can be assigned to. */
  sealed interface Target {
    record Name(String name) implements Target {}

    record Field(String namespace, String field) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
