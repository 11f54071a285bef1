package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code --resume} does with a run whose files or configuration were changed. Each test begins
 * with a run that was interrupted before its last step.
 */
class DamagedRunTest {
  private static final String NEWEST = "checkpoints/step-%08d".formatted(TinyRun.STEPS - 1);
  private static final String OLDER = "checkpoints/step-%08d".formatted(TinyRun.STEPS - 2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;

  private static TinyRun undisturbed;

  private TinyRun run;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    undisturbed = TinyRun.in(directory.resolve("undisturbed"));
    undisturbed.run().assertSucceeded();
  }

  @BeforeEach
  void interrupt(TestInfo test) throws IOException {
    run = TinyRun.in(directory.resolve(test.getTestMethod().orElseThrow().getName()));
    copyInterrupted(run.output());
  }

  /** All but the finished model. */
  private static void copyInterrupted(Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(undisturbed.output())) {
      for (Path path : paths.filter(p -> !p.startsWith(undisturbed.file("model"))).toList()) {
        Path copy = target.resolve(undisturbed.output().relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  @Test
  void truncatedWeightsGiveWayToTheCheckpointBefore() throws Exception {
    truncate(NEWEST + "/model.safetensors");
    CommandProcess.Result result = run.run("--resume");
    result.assertSucceeded();
    assertThat(result.out())
        .anyMatch(line -> line.contains(NEWEST + "/model.safetensors: has size"));
    run.assertSameAs(undisturbed);
  }

  @Test
  void aLyingHeaderGivesWayToTheCheckpointBefore() throws Exception {
    claimHugeHeader(NEWEST, "optimizer.safetensors");
    CommandProcess.Result result = run.run("--resume");
    result.assertSucceeded();
    assertThat(result.out())
        .anyMatch(line -> line.contains("optimizer.safetensors: header length is"));
    run.assertSameAs(undisturbed);
  }

  /** A header of 2^56 bytes, with a manifest that has nothing against it. */
  private void claimHugeHeader(String checkpoint, String name) throws Exception {
    Path file = run.file(checkpoint).resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 56);
    Files.write(file, bytes);
    Path manifest = run.file(checkpoint).resolve("manifest.json");
    ObjectNode json = (ObjectNode) JSON.readTree(manifest.toFile());
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    ((ObjectNode) json.at("/files").get(name)).put("sha256", digest);
    JSON.writeValue(manifest.toFile(), json);
  }

  @Test
  void refusesToStartAfreshOverCheckpointsThatCannotBeUsed() throws Exception {
    truncate(NEWEST + "/state.json");
    truncate(OLDER + "/optimizer.safetensors");
    refusesAndTouchesNothing(4, NEWEST + "/state.json: has size");
  }

  @Test
  void refusesAnotherShapeOfModel() throws Exception {
    refusesAndTouchesNothing(4, "shape", "model.ffn-size=80");
  }

  @Test
  void endsWhereItStandsWhenItIsMadeAsShort() throws Exception {
    run.run("--resume", "train.until.steps=" + (TinyRun.STEPS - 1)).assertSucceeded();
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(run.file("model").resolve(name))
          .hasSameBinaryContentAs(run.file(NEWEST).resolve(name));
    }
    assertThat(run.metrics()).isEqualTo(undisturbed.metrics().subList(0, run.metrics().size()));
    assertThat(run.metrics().getLast().get("event").asText()).isEqualTo("held-out");
  }

  @Test
  void refusesToEndBeforeWhereItStands() throws Exception {
    refusesAndTouchesNothing(2, "cannot end at step 10", "train.until.steps=10");
  }

  @Test
  void refusesAnotherModelOfTheSameWeights() throws Exception {
    refusesAndTouchesNothing(4, "norm-epsilon is 1.0E-5, not 1.0E-6", "model.norm-epsilon=1e-6");
  }

  @Test
  void refusesOtherDocuments() throws Exception {
    refusesAndTouchesNothing(
        2, "data.documents", "data.documents=[{type: miniature-web, documents: 301}]");
  }

  @Test
  void refusesAnotherTokenizer() throws Exception {
    refusesAndTouchesNothing(2, "tokenizer", "tokenizer.vocabulary-size=290");
  }

  @Test
  void refusesTokensThatAnotherTokenizerMade() throws Exception {
    Path manifest = run.file("tokenizer/manifest.json");
    Files.writeString(manifest, Files.readString(manifest) + "\n");
    refusesAndTouchesNothing(4, "out/tokens/train: was made with another tokenizer");
  }

  @Test
  void refusesTokensThatAreNotAsTheyWereWritten() throws Exception {
    Path tokens = run.file("tokens/held-out/00000.tokens");
    byte[] bytes = Files.readAllBytes(tokens);
    bytes[bytes.length / 2] ^= 1;
    Files.write(tokens, bytes);
    refusesAndTouchesNothing(4, "out/tokens/held-out/00000.tokens: has SHA-256 ");
  }

  private void refusesAndTouchesNothing(int status, String part, String... assignments)
      throws Exception {
    SortedMap<String, String> before = digests();
    String[] arguments =
        Stream.concat(Stream.of("--resume"), Stream.of(assignments)).toArray(String[]::new);
    run.run(arguments).assertRefusedWith(status, part);
    assertThat(digests()).isEqualTo(before);
  }

  /** Of the files of every artefact of the run, and of what it was made from. */
  private SortedMap<String, String> digests() throws Exception {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String part :
        List.of("tokenizer", "tokens", "checkpoints", "config.yaml", "inputs.yaml")) {
      try (Stream<Path> paths = Files.walk(run.file(part))) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          MessageDigest digest = MessageDigest.getInstance("SHA-256");
          byte[] content = digest.digest(Files.readAllBytes(path));
          digests.put(run.output().relativize(path).toString(), HexFormat.of().formatHex(content));
        }
      }
    }
    return digests;
  }

  @Test
  void refusesToRunOverWhatIsThere() throws Exception {
    SortedMap<String, String> before = digests();
    run.run().assertRefusedWith(2, "output: ", "is not empty; add --resume to go on");
    assertThat(digests()).isEqualTo(before);
  }

  private void truncate(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(run.file(name));
    Files.write(run.file(name), Arrays.copyOf(bytes, bytes.length / 2));
  }

  @Test
  void aFullDiskCostsNothingThatWasThere() throws Exception {
    TinyRun small = TinyRun.in(directory.resolve("small-disk"));
    Files.createDirectory(small.output());
    assumeTrue(mount(small.output()), "a small disk can only be mounted by root on Linux");
    try {
      copyInterrupted(small.output());
      fill(small.file("ballast"), 40_000);
      CommandProcess.Result result = small.run("--resume");
      result.assertRefusedWith(4, "cannot be written: No space left on device");
      Files.delete(small.file("ballast"));
      small.run("--resume").assertSucceeded();
      small.assertSameAs(undisturbed);
    } finally {
      command("umount", small.output().toString());
    }
  }

  private static boolean mount(Path path) throws Exception {
    return command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", path.toString());
  }

  private static boolean command(String... words) throws Exception {
    try {
      return new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  /** Writes a file that leaves so many bytes of its disk. */
  private static void fill(Path file, long left) throws IOException {
    long bytes = Files.getFileStore(file.getParent()).getUsableSpace() - left;
    Files.write(file, new byte[Math.toIntExact(bytes)]);
  }
}
