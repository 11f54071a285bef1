package io.kanana.core.template;

/**
 * A piece of a template.
 *
 * @param text what it says; for a string literal, the decoded text
 * @param line where it starts, from 1
 */
record Token(Type type, String text, int line) {
  enum Type {
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Type wanted) {
    return type == wanted;
  }

  boolean name(String wanted) {
    return type == Type.NAME && text.equals(wanted);
  }

  boolean operator(String wanted) {
    return type == Type.OPERATOR && text.equals(wanted);
  }

  /** What it is, for a message. */
  String describe() {
    return switch (type) {
      case DATA -> "template text";
      case PRINT_BEGIN -> "'{{'";
      case PRINT_END -> "'}}'";
      case BLOCK_BEGIN -> "'{%'";
      case BLOCK_END -> "'%}'";
      case END -> "the end of the template";
      case NAME, STRING, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
    };
  }
}
