package io.kanana.cli.page;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.html.HtmlText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Collectors;

/** How a stage was told to run, and what it ran on. */
final class SettingsSection {
  private SettingsSection() {}

  static void appendTo(StringBuilder page, RunStage stage) {
    String name = HtmlText.escape(stage.name());
    page.append("<details id=\"settings-").append(name).append("\"><summary>Settings of ");
    page.append(name).append("</summary>\n");
    stage
        .provenance()
        .ifPresent(
            own ->
                page.append("<p class=\"note\">")
                    .append(HtmlText.escape(own.written() + "; " + software(own.software())))
                    .append("</p>\n"));
    page.append("<pre tabindex=\"0\">\n").append(HtmlText.escape(config(stage)));
    page.append("</pre></details>\n");
  }

  private static String software(Map<String, String> versions) {
    return versions.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String config(RunStage stage) {
    try {
      return Files.readString(stage.configFile());
    } catch (IOException e) {
      throw new DataException(stage.configFile() + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
