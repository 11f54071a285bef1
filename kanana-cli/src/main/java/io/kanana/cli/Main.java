package io.kanana.cli;

/** The entry point of the {@code kanana} command. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the program with its exit status. */
  public static void main(String[] arguments) {
    StandardError.restore();
    System.setProperty("java.awt.headless", "true"); // plots go to files, and want no display
    System.exit(KananaCommand.execute(arguments));
  }
}
