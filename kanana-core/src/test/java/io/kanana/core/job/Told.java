package io.kanana.core.job;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the lines that a job tells, for tests to look at. */
public final class Told implements Progress {
  private final List<String> lines = new ArrayList<>();
  private final Consumer<String> atLine;
  private final Consumer<String> atStatus;

  private Told(Consumer<String> atLine, Consumer<String> atStatus) {
    this.atLine = atLine;
    this.atStatus = atStatus;
  }

  public Told() {
    this(_ -> {});
  }

  /**
   * @param atStatus sees where the job stands, while it runs
   */
  public Told(Consumer<String> atStatus) {
    this(_ -> {}, atStatus);
  }

  /**
   * @param at sees lines and where the job stands, while it runs
   */
  public static Told everythingTo(Consumer<String> at) {
    return new Told(at, at);
  }

  @Override
  public void line(String text) {
    lines.add(text);
    atLine.accept(text);
  }

  @Override
  public void status(String text) {
    atStatus.accept(text);
  }

  /** What stayed, in its order; it grows while the job runs. */
  public List<String> lines() {
    return Collections.unmodifiableList(lines);
  }
}
