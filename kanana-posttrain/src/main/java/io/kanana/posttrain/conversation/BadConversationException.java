package io.kanana.posttrain.conversation;

/**
 * Why a record is no conversation that can be trained on. One such record costs itself alone:
 * whoever reads many counts it by its reason and goes on.
 */
public final class BadConversationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason the rule that is broken, in kebab-case
   * @param detail what was found, in a few words
   */
  public BadConversationException(String reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  /** The rule that is broken, in kebab-case: {@code empty-answer}. */
  public String reason() {
    return reason;
  }

  /** What was found, in a few words. */
  public String detail() {
    return getMessage();
  }
}
