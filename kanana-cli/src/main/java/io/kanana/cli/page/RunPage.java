package io.kanana.cli.page;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.html.HtmlPage;
import io.kanana.core.html.HtmlText;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.filter.stats.FunnelDrawing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One page of HTML about a run: curves, scores, answers, what it cost, and its settings. Everything
 * on it is read from what the jobs left, so the same files give the same page, and a run that has
 * not ended gives one of what there is.
 */
public final class RunPage {
  /** What it is called in the run. */
  public static final String FILE = "report.html";

  private final Path run;
  private final List<RunStage> stages;

  /**
   * @param run the output of any job
   * @throws DataException if nothing was run there
   */
  public RunPage(Path run) {
    this.run = run;
    this.stages = RunStage.of(run);
  }

  /**
   * The page.
   *
   * @throws io.kanana.core.error.KananaException if a file of the run is not what it should be
   */
  public String html() {
    HtmlPage page =
        new HtmlPage(
            run.toAbsolutePath().normalize().getFileName().toString(),
            FunnelDrawing.style() + HtmlPage.style(RunPage.class, "run.css"));
    contents(page.body());
    FindingSection.appendTo(page.body(), outputs());
    FunnelSection.appendTo(page.body(), stages);
    CostSection.appendTo(page.body(), stages);
    ScoreSection.appendTo(page.body(), stages);
    for (RunStage stage : stages) {
      ImportanceSection.appendTo(page.body(), stage);
      CurveSection.appendTo(page.body(), stage);
    }
    AnswerSection.appendTo(page.body(), stages);
    configured().forEach(stage -> SettingsSection.appendTo(page.body(), stage));
    return page.html();
  }

  /**
   * Draws the page into a file.
   *
   * @throws io.kanana.core.error.KananaException if a file of the run is not what it should be, or
   *     this one cannot be written
   */
  public void write(Path file) {
    try {
      WholeFile.write(file.toAbsolutePath(), html());
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** The last model of the run that one can talk with. */
  public Optional<Path> talker() {
    return stages.reversed().stream()
        .flatMap(stage -> stage.models().reversed().stream())
        .filter(RunPage::talks)
        .findFirst();
  }

  /**
   * The answers, at its last measurement, of the last training that has samples: one line each, the
   * name of the training and the question before its answer.
   *
   * @param most so many at most
   */
  public List<String> answers(int most) {
    return stages.reversed().stream()
        .map(stage -> AnswerSection.linesOf(stage, most))
        .filter(lines -> !lines.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static boolean talks(Path model) {
    Path config = model.resolve(HuggingFaceConfig.FILE);
    try {
      return Files.exists(config)
          && !HuggingFaceConfig.isReward(config)
          && Tokenizers.loadConfig(model).chatTemplate().isPresent();
    } catch (CheckpointException _) {
      return false; // a damaged one is nobody to talk with
    }
  }

  /** The run itself may be a study, or have some. */
  private List<Path> outputs() {
    return Stream.concat(Stream.of(run), stages.stream().map(RunStage::directory))
        .distinct()
        .toList();
  }

  private List<RunStage> configured() {
    return stages.stream().filter(stage -> Files.exists(stage.configFile())).toList();
  }

  private void contents(StringBuilder page) {
    page.append("<p class=\"note\">");
    for (RunStage stage : configured()) {
      page.append("<a href=\"#settings-").append(HtmlText.escape(stage.name())).append("\">");
      page.append(HtmlText.escape(stage.name())).append("</a> ");
    }
    page.append("</p>\n");
  }
}
