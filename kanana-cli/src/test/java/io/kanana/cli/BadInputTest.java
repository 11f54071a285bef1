package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets for input that cannot be used: a line to act on, and the right exit status. */
class BadInputTest {
  private static final String RECORDS =
      IntStream.range(0, 400)
          .mapToObj(i -> "{\"text\": \"Record %d of %d says %d.\"}\n".formatted(i, 400, i * i))
          .collect(Collectors.joining());

  @TempDir Path directory;

  private TinyRun run;

  @BeforeEach
  void configure() throws IOException {
    run = TinyRun.in(directory.resolve("work"));
  }

  private CommandProcess.Result runOn(String file, byte[] content) throws Exception {
    Files.write(run.directory().resolve(file), content);
    return run.run("--resume", documents(file));
  }

  private static String documents(String file) {
    return "data.documents=[{type: files, path: %s}]".formatted(file);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anEmptyCorpus() throws Exception {
    runOn("empty.jsonl", new byte[0])
        .assertRefused(
            3,
            "error: the corpus is empty: 1 sources hold no record; data.documents must name at"
                + " least one document");
  }

  @Test
  void aCorpusOfCorruptRecords() throws Exception {
    runOn("broken.jsonl", utf8("{\"text\": \n[1, 2]\n{\"txt\": \"a\"}\n"))
        .assertRefusedWith(
            3, "the corpus is empty: all 3 records were rejected", "broken.jsonl", "not-json");
  }

  @Test
  void aCorpusThatIsNotThere() throws Exception {
    run.run(documents("nowhere/*.jsonl")).assertRefusedWith(3, "nowhere/*.jsonl");
  }

  @Test
  void aTruncatedZstdFileAndTheSameMended() throws Exception {
    byte[] whole = Zstd.compress(utf8(RECORDS));
    runOn("docs.jsonl.zst", Arrays.copyOf(whole, whole.length * 2 / 3))
        .assertRefusedWith(
            3, "docs.jsonl.zst: cannot be read beyond line", "on-corrupt-file: skip");
    Files.write(run.directory().resolve("docs.jsonl.zst"), whole);
    run.run("--resume", documents("docs.jsonl.zst"), "train.until.steps=1").assertSucceeded();
  }

  @Test
  void aTruncatedParquetFile() throws Exception {
    runOn("docs.parquet", utf8("PAR1, and a download that was broken off"))
        .assertRefusedWith(
            3,
            "docs.parquet: cannot be read beyond row 0 (it is truncated: it does not end with PAR1)",
            "on-corrupt-file: skip");
  }

  @Test
  void aGzipFileWithFlippedBits() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(utf8(RECORDS));
    }
    byte[] damaged = bytes.toByteArray();
    damaged[damaged.length - 6] ^= 0x55;
    runOn("docs.jsonl.gz", damaged)
        .assertRefusedWith(3, "docs.jsonl.gz: cannot be read beyond line", "on-corrupt-file: skip");
  }

  @Test
  void aTokenizerWithAnUnknownPart() throws Exception {
    Files.writeString(
        run.directory().resolve("tokenizer.json"),
        """
        {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
         "post_processor": null, "decoder": null,
         "model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", -1.0]]}}
        """);
    run.run("tokenizer={type: load, path: tokenizer.json}")
        .assertRefusedWith(4, "tokenizer.json: ", "Unigram");
  }

  @Test
  void fiveMistakesInOneConfiguration() throws Exception {
    run.run(
            "sed=3",
            "data.held-out-share=2",
            "model.kv-heads=3",
            "optimizer.type=adamv",
            "train.micro-batch=few")
        .assertRefused(
            2,
            "error: sed: unknown key (its value is 3); did you mean seed?",
            "error: data.held-out-share: must lie between 0 and 1, got 2.0",
            "error: model.kv-heads: must divide heads (2), got 3",
            "error: optimizer.type: unknown type \"adamv\"; did you mean adamw? known: adamw",
            "error: train.micro-batch: must be a whole number of at most 2147483647, got \"few\"");
    assertThat(run.output()).doesNotExist();
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRunWithACheckpoint() throws Exception {
    CommandProcess.Result result =
        run.run("optimizer.learning-rate=1e30", "train.max-consecutive-skips=3");
    result.assertRefusedWith(5, "3 steps in a row were skipped", "lower the learning rate");
    assertThat(result.out()).filteredOn(line -> line.contains(" skipped: ")).hasSize(3);
    assertThat(run.file("checkpoints").toFile().list()).isNotEmpty();
    assertThat(run.file("model")).doesNotExist();
  }

  @Test
  void ctrlCTwiceEndsAtOnce() throws Exception {
    try (CommandProcess process = run.start("train.tokens-per-step=1600000")) {
      assertThat(process.reaches(() -> process.hasPrinted("back end: "))).isTrue();
      process.interrupt();
      assertThat(process.reaches(() -> process.hasPrinted("once more ends at once"))).isTrue();
      process.interrupt();
      process.result().assertRefused(130);
      assertThat(run.metricsLines()).isZero();
    }
  }
}
