package io.kanana.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code kanana --version} prints: ours, and the Java that runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "kanana " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()
    };
  }
}
