package io.kanana.core.job;

/** Where a job tells a person how it is getting on. Called from the job's own thread. */
public interface Progress {
  /** A sink that drops everything. */
  Progress SILENT =
      new Progress() {
        @Override
        public void line(String text) {}

        @Override
        public void status(String text) {}
      };

  /** Prints a line that stays, such as a milestone or a sample. */
  void line(String text);

  /**
   * Tells where the job stands now. A terminal keeps one live line and replaces it; elsewhere the
   * sink prints some of them as plain lines, so a job may call this at every step.
   */
  void status(String text);
}
