package io.kanana.core.template;

/** What stops a template, before it is told as one of the project's own errors. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is, which decides the error that the caller sees. */
  enum Kind {
    /** The text is not a template that we read. */
    SYNTAX,
    /** A budget is exhausted. */
    BOUND,
    /** The template asks for what no template may have. */
    UNSAFE,
    /** The template cannot be evaluated over these messages. */
    FAILURE,
    /** The template itself called {@code raise_exception}. */
    REFUSED
  }

  private final Kind kind;
  private final int line;

  private Fault(Kind kind, String message, int line) {
    super(message, null, false, false);
    this.kind = kind;
    this.line = line;
  }

  static Fault syntax(int line, String message) {
    return new Fault(Kind.SYNTAX, message, line);
  }

  static Fault bound(String message) {
    return new Fault(Kind.BOUND, message, 0);
  }

  static Fault unsafe(String message) {
    return new Fault(Kind.UNSAFE, message, 0);
  }

  static Fault failure(String message) {
    return new Fault(Kind.FAILURE, message, 0);
  }

  static Fault refused(String message) {
    return new Fault(Kind.REFUSED, message, 0);
  }

  Kind kind() {
    return kind;
  }

  /** The line of a syntax fault; 0 where only the interpreter knows. */
  int line() {
    return line;
  }
}
