package io.kanana.core.job;

/**
 * Tells of one job among several: each line begins with its name.
 *
 * @param name of the job
 * @param progress is told
 */
public record NamedProgress(String name, Progress progress) implements Progress {
  @Override
  public void line(String text) {
    progress.line(named(text));
  }

  @Override
  public void status(String text) {
    progress.status(named(text));
  }

  private String named(String text) {
    return text.isEmpty() ? text : name + ": " + text;
  }
}
