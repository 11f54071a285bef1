package io.kanana.cli.page;

import io.kanana.core.html.HtmlText;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.FunnelDrawing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where documents went, of every stage that filtered some. */
final class FunnelSection {
  private FunnelSection() {}

  static void appendTo(StringBuilder page, List<RunStage> stages) {
    for (RunStage stage : stages) {
      Path file = stage.file("kept").resolve(CascadeStats.FILE);
      if (Files.exists(file)) {
        page.append("<h2>").append(HtmlText.escape(stage.name()));
        page.append(" <small>documents that are left after each step</small></h2>\n");
        new FunnelDrawing(RunStage.json(file, CascadeStats.class)).appendTo(page);
      }
    }
  }
}
