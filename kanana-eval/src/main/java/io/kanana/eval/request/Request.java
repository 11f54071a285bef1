package io.kanana.eval.request;

/** One thing to ask a model. Equal requests have equal answers, so each is asked once. */
public sealed interface Request {
  /**
   * How likely a continuation is after a context, and whether it is what the model would say.
   *
   * @param context may be empty; then the token that begins documents stands for it
   * @param continuation not empty
   */
  record LogLikelihood(String context, String continuation) implements Request {
    @Override
    public int work() {
      return context.length() + continuation.length();
    }
  }

  /**
   * How likely a whole text is, window after window where it is longer than the model's context.
   */
  record RollingLogLikelihood(String text) implements Request {
    @Override
    public int work() {
      return text.length();
    }
  }

  /**
   * What the model says.
   *
   * @param repeat which of several answers to the same question, from 0
   */
  record GenerateUntil(Context context, Generation generation, int repeat) implements Request {
    /** What a token of an answer takes beside a character of the context, about. */
    private static final int WORK_PER_TOKEN = 16;

    @Override
    public int work() {
      return context.text().length() + WORK_PER_TOKEN * generation.maxTokens();
    }
  }

  /** What it takes in proportion to others, for time left: about the characters to be read. */
  int work();
}
