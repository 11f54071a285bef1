package io.kanana.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.core.job.Told;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainJobTest {
  @TempDir Path directory;

  private SmallPretrain small;

  @BeforeEach
  void place() {
    small = new SmallPretrain(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "tokenizer.vocabulary-size=300"
            + "@model.vocabulary-size: must be at least tokenizer.vocabulary-size (300), got 270",
        "tokenizer.special-tokens=[<a>, <b>, <a>]"
            + "@tokenizer.special-tokens: must be different from one another, got [<a>, <b>, <a>]",
      })
  void refusesWhatItsConfigurationContradicts(String assignment, String problem) {
    assertThatThrownBy(() -> small.configured(assignment))
        .isInstanceOf(ConfigException.class)
        .hasMessage(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "compute.backend=cpuu@compute.backend: unknown back end \"cpuu\"; did you mean cpu?",
        "schedule.warmup={steps: 3}"
            + "@schedule.warmup: 3 steps is longer than the run of 2 steps; shorten it or give a share",
      })
  void aPlanSeesWhatCannotRunAndSoDoesARunBeforeItWrites(String assignment, String problem)
      throws IOException {
    assertThatThrownBy(() -> small.configured(assignment).plan())
        .isInstanceOf(ConfigException.class)
        .hasMessage(problem);
    assertThatThrownBy(() -> small.run(assignment)).hasMessage(problem);
    assertThat(small.output()).doesNotExist();
  }

  @Test
  void aRunInEpochsSeesItOnceItHasItsTokens() {
    assertThatThrownBy(
            () -> small.run("train.until={epochs: 0.01}", "schedule.warmup={steps: 1000}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("schedule.warmup: 1000 steps is longer than the run");
  }

  @Test
  void aPromptThatIsTooLongDoesNotWaitForTheTraining() {
    assertThatThrownBy(
            () -> small.run("samples.prompts=[A, 'one two three four five six seven eight']"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "samples.prompts[1]: must be shorter than model.context-length (16), got ");
    assertThat(small.output().resolve("tokens")).doesNotExist();
  }

  @Test
  void theFirstSpecialTokensBeginAndEndEveryDocumentWhateverTheirNames() throws IOException {
    small.run("tokenizer.special-tokens=['[BOS]', '[EOS]']");
    BytePairTokenizer tokenizer = Tokenizers.load(small.output().resolve("model"));
    assertThat(tokenizer.beginOfText()).hasValue(0);
    assertThat(tokenizer.endOfText()).hasValue(1);
    try (ShardSet shards = ShardSet.open(small.output().resolve("tokens/train"))) {
      assertThat(shards.manifest().endOfText()).isTrue();
      int[] ids = new int[(int) shards.tokens()];
      shards.read(0, ids, 0, ids.length);
      assertThat(ids).startsWith(0).endsWith(1);
      assertThat(IntStream.of(ids).filter(id -> id == 1).count()).isEqualTo(shards.documents());
    }
    assertThat(small.output().resolve("model/config.json"))
        .content()
        .containsPattern("\"bos_token_id\" ?: ?0")
        .containsPattern("\"eos_token_id\" ?: ?1");
  }

  @Test
  void whatItIsMeasuredOnMayBeGivenAndIsThenNotTrainedOn() throws IOException {
    String given = "evaluate.documents=[{type: miniature-web, documents: 5}]"; // the first of 40
    assertThat(small.run(given))
        .contains("5 documents left out: they are among those of evaluate.documents")
        .anyMatch(line -> line.endsWith(" to train on, 0 held out, from 35 documents"))
        .anyMatch(line -> line.matches("evaluation: [0-9,]+ tokens of 5 documents"));
    try (ShardSet train = ShardSet.open(small.output().resolve("tokens/train"));
        ShardSet evaluation = ShardSet.open(small.output().resolve("evaluation"))) {
      assertThat(train.documents()).isEqualTo(35);
      assertThat(evaluation.documents()).isEqualTo(5);
      assertThat(new PretrainJob().measurements(small.output()))
          .containsEntry("held-out.step", 2.0)
          .containsKeys("held-out.loss", "held-out.bits-per-byte", "held-out.targets");
    }
    small.run(given, "evaluate.tokens=64");
    assertThatThrownBy(() -> small.run("evaluate.documents=[{type: miniature-web, documents: 6}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "evaluate.documents[0].documents: 5 -> 6, but tokenizer and tokens");
    assertThatThrownBy(() -> small.run()).isInstanceOf(ConfigException.class);
  }

  @Test
  void aTokenizerMayComeFromAnywhere() throws IOException {
    List<String> told = small.run("tokenizer={type: test-bytes}");
    assertThat(told)
        .startsWith(
            "tokenizer: 256 tokens in " + small.output().resolve("tokenizer"),
            "it has no token that ends a document, so the model will not learn to end one");
    assertThat(Tokenizers.load(small.output().resolve("model")).vocabularySize()).isEqualTo(256);
  }

  @Test
  void stopsWhileDocumentsAreReadForTheTokenizer() throws IOException {
    Cancellation cancellation = new Cancellation();
    Told progress =
        new Told(
            status -> {
              if (status.startsWith("reading documents")) {
                cancellation.request();
              }
            });
    small.run(
        progress, cancellation, "data.documents=[{type: miniature-web, documents: 100000000}]");
    assertThat(small.output().resolve("tokenizer")).doesNotExist();
    assertThat(small.run()).anyMatch(line -> line.contains("saved"));
  }

  @Test
  void stopsWhileDocumentsAreTokenized() {
    Cancellation cancellation = new Cancellation();
    DocumentStream endless =
        new DocumentStream() {
          private int count;

          @Override
          public Document next() {
            if (++count == 5_000) {
              cancellation.request();
            }
            return Document.of("d" + count, "document " + count);
          }

          @Override
          public void close() {}
        };
    Tokenization tokenization =
        new Tokenization(
            new BpeTrainer(new BpeTrainer.Config(256, List.of()))
                .train(Collections.emptyIterator(), 1),
            "bytes",
            Tokenization.Config.of(0.1));
    DocumentSource documents = new StoppableDocuments(quarantine -> endless, cancellation);
    Path tokens = directory.resolve("tokens");
    assertThatThrownBy(() -> tokenization.write(documents, tokens, 2, rejected -> {}, count -> {}))
        .isInstanceOf(Stopped.class);
    assertThat(tokens).isEmptyDirectory();
  }
}
