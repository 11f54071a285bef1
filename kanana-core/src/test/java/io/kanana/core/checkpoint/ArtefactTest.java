package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtefactTest {
  private static final String DIGEST = "0".repeat(64);

  @TempDir Path directory;

  private Path target() {
    return directory.resolve("checkpoint");
  }

  private static Artefact write(Disk disk, Path target, String text) {
    try (ArtefactWriter artefact =
        ArtefactWriter.create(disk, target, "checkpoint", List.of(DIGEST))) {
      artefact.write("a.txt", text);
      artefact.write("b.txt", text.repeat(1_000));
      return artefact.commit();
    }
  }

  private static String text(Path target) {
    try {
      return Files.readString(Artefact.open(target).file("a.txt"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> children() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anArtefactIsWhatWasWritten() {
    Artefact written = write(Disk.real(), target(), "one");
    Artefact opened = Artefact.open(target());
    opened.verify();
    assertThat(opened).isEqualTo(written);
    assertThat(opened.manifest().kind()).isEqualTo("checkpoint");
    assertThat(opened.manifest().parents()).containsExactly(DIGEST);
    assertThat(opened.manifest().files().keySet()).containsExactly("a.txt", "b.txt");
    assertThat(children()).containsExactly("checkpoint");
    assertThat(Artefact.in(directory)).containsExactly(opened);
    assertThat(opened.manifest().files().get("a.txt").sha256())
        .isEqualTo(Sha256.of("one".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theSameContentHasTheSameIdentityAndOtherContentAnother() {
    Artefact one = write(Disk.real(), directory.resolve("1"), "same");
    Artefact two = write(Disk.real(), directory.resolve("2"), "same");
    Artefact three = write(Disk.real(), directory.resolve("3"), "other");
    assertThat(one.id()).isEqualTo(two.id()).isNotEqualTo(three.id());
  }

  @Test
  void aNewArtefactReplacesAnOlderOneButNothingElse() throws IOException {
    write(Disk.real(), target(), "one");
    write(Disk.real(), target(), "two");
    assertThat(text(target())).isEqualTo("two");
    assertThat(children()).containsExactly("checkpoint");
    Path mine = Files.createDirectory(directory.resolve("mine"));
    Files.writeString(mine.resolve("thesis.tex"), "...");
    assertThatThrownBy(() -> write(Disk.real(), mine, "x")).hasMessageContaining("not replaced");
    assertThat(mine.resolve("thesis.tex")).exists();
  }

  @Test
  void withoutACommitNothingAppears() {
    try (ArtefactWriter artefact = ArtefactWriter.create(target(), "checkpoint", List.of())) {
      artefact.write("a.txt", "text");
    }
    assertThat(children()).isEmpty();
    assertThatThrownBy(() -> Artefact.open(target()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no such directory");
  }

  /** Files that are written side by side, such as numbers and their index. */
  @Test
  void filesMayBeWrittenBitByBit() throws IOException {
    try (ArtefactWriter artefact = ArtefactWriter.create(target(), "shards", List.of());
        ArtefactWriter.FileOutput a = artefact.begin("a.txt");
        ArtefactWriter.FileOutput b = artefact.begin("b.txt")) {
      a.write(ByteBuffer.wrap(new byte[] {'o'}));
      b.write(ByteBuffer.wrap(new byte[] {'x', 'y'}));
      a.write(ByteBuffer.wrap(new byte[] {'n', 'e'}));
      assertThatThrownBy(() -> artefact.begin("a.txt")).isInstanceOf(CheckpointException.class);
      a.finish();
      assertThatThrownBy(artefact::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("b.txt");
      b.finish();
      artefact.commit();
    }
    Artefact.open(target()).verify();
    assertThat(text(target())).isEqualTo("one");
    assertThat(target().resolve("b.txt")).hasContent("xy");
  }

  @Test
  void anArtefactTakesTheFilesOfAnotherOver() {
    Artefact part = write(Disk.real(), directory.resolve("part"), "one");
    try (ArtefactWriter artefact = ArtefactWriter.create(target(), "whole", List.of())) {
      artefact.write("c.txt", "three");
      artefact.adopt(part);
      assertThatThrownBy(() -> artefact.write("a.txt", "again"))
          .isInstanceOf(CheckpointException.class);
      artefact.commit();
    }
    Artefact whole = Artefact.open(target());
    whole.verify();
    assertThat(whole.manifest().files()).hasSize(3).containsAllEntriesOf(part.manifest().files());
    assertThat(children()).containsExactly("checkpoint");
  }

  @Test
  void aKillWhileFilesAreTakenOverLeavesNoHalfArtefact() {
    for (int operations = 0; operations < 12; operations++) {
      Artefact part = write(Disk.real(), directory.resolve("part"), "one");
      FailingDisk disk = new FailingDisk(operations, true);
      try (ArtefactWriter artefact = ArtefactWriter.create(disk, target(), "whole", List.of())) {
        artefact.adopt(part);
        artefact.commit();
      } catch (FailingDisk.Killed e) {
        Artefact.recover(target());
      }
      Stream.of(target(), part.directory())
          .filter(Artefact::isArtefact)
          .forEach(each -> Artefact.open(each).verify());
      assertThat(Artefact.isArtefact(target()) && Artefact.isArtefact(part.directory()))
          .as("after %s operations, both have the files", operations)
          .isFalse();
      Artefact.remove(target());
      Artefact.remove(part.directory());
    }
  }

  @Test
  void namesStayInTheDirectory() {
    try (ArtefactWriter artefact = ArtefactWriter.create(target(), "checkpoint", List.of())) {
      artefact.write("a.txt", "text");
      for (String name : List.of("../x", "a/b", "/x", "..", "", "manifest.json", "a.txt")) {
        assertThatThrownBy(() -> artefact.write(name, "text"))
            .isInstanceOf(CheckpointException.class);
      }
    }
  }

  /** Truncation, growth and every single flipped bit of a sample are found. */
  @Test
  void damageIsFound() throws IOException {
    write(Disk.real(), target(), "one");
    Random random = new Random(3);
    for (String name : List.of("a.txt", "b.txt", "manifest.json")) {
      Path file = target().resolve(name);
      byte[] good = Files.readAllBytes(file);
      for (int round = 0; round < 100; round++) {
        Files.write(file, damaged(good, random));
        assertThatThrownBy(() -> Artefact.open(target()).verify())
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining(target().toString());
      }
      Files.write(file, good);
      Artefact.open(target()).verify();
    }
  }

  /** Changes what the manifest says of its files, or a file; not its kind or a parent. */
  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    int place = random.nextInt(bytes.length);
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(bytes, place);
    }
    String text = new String(good, StandardCharsets.UTF_8);
    int files = Math.max(0, text.indexOf("\"files\""));
    place = files + random.nextInt(bytes.length - files);
    while (Character.isWhitespace(bytes[place])) {
      place = files + random.nextInt(bytes.length - files);
    }
    bytes[place] ^= (byte) (1 << random.nextInt(7));
    return bytes;
  }

  /** After a kill at any operation: the old one or the new one, whole, and the next write works. */
  @Test
  void aKillAtAnyMomentLeavesAWholeArtefact() {
    boolean sawOld = false;
    boolean sawNew = false;
    boolean killed = true;
    for (int operations = 0; killed; operations++) {
      write(Disk.real(), target(), "old");
      killed = false;
      try {
        write(new FailingDisk(operations, true), target(), "new");
      } catch (FailingDisk.Killed e) {
        killed = true;
      }
      String found = text(target());
      Artefact.open(target()).verify();
      assertThat(found).isIn("old", "new");
      sawOld |= found.equals("old");
      sawNew |= found.equals("new");
      write(Disk.real(), target(), "next");
      assertThat(text(target())).isEqualTo("next");
      assertThat(children()).containsExactly("checkpoint");
    }
    assertThat(sawOld && sawNew).isTrue();
  }

  /** After a kill at any operation nothing but the artefact is left, once it was recovered. */
  @Test
  void recoveringLeavesNothingElse() {
    boolean killed = true;
    for (int operations = 0; killed; operations++) {
      write(Disk.real(), target(), "old");
      killed = false;
      try {
        write(new FailingDisk(operations, true), target(), "new");
      } catch (FailingDisk.Killed e) {
        killed = true;
      }
      Artefact.recover(target());
      assertThat(children()).containsExactly("checkpoint");
      assertThat(text(target())).isIn("old", "new");
    }
  }

  @Test
  void recoveringWhereNothingWasWrittenLeavesNothing() {
    for (int operations = 0; operations < 8; operations++) {
      FailingDisk disk = new FailingDisk(operations, true);
      assertThatThrownBy(() -> write(disk, target(), "new")).isInstanceOf(FailingDisk.Killed.class);
      Artefact.recover(target());
      assertThat(children()).isEmpty();
    }
  }

  /** An old one that was put aside is worth more than a new one that was damaged. */
  @Test
  void recoveringKeepsWhatWasReplacedByADamagedOne() throws IOException {
    write(Disk.real(), target(), "old");
    Files.move(target(), Replacement.replaced(target()));
    write(Disk.real(), directory.resolve("new"), "new");
    Files.delete(directory.resolve("new/b.txt"));
    Files.move(directory.resolve("new"), target());
    Artefact.recover(target());
    assertThat(children()).containsExactly(".checkpoint.replaced", "checkpoint");
  }

  @Test
  void whatWasRemovedIsGone() {
    write(Disk.real(), target(), "one");
    Artefact.remove(target());
    assertThat(children()).isEmpty();
    Artefact.remove(target());
  }

  @Test
  void anErrorAtAnyMomentLeavesAWholeArtefactAndNamesThePath() {
    boolean failed = true;
    for (int operations = 0; failed; operations++) {
      write(Disk.real(), target(), "old");
      failed = false;
      try {
        write(new FailingDisk(operations, false), target(), "new");
      } catch (CheckpointException e) {
        failed = true;
        assertThat(e).hasMessageContaining(directory.toString()).hasMessageContaining("No space");
      }
      assertThat(text(target())).isIn("old", "new");
      Artefact.open(target()).verify();
    }
  }

  @Test
  void aFirstWriteThatIsKilledLeavesNoArtefact() {
    for (int operations = 0; operations < 8; operations++) {
      FailingDisk disk = new FailingDisk(operations, true);
      assertThatThrownBy(() -> write(disk, target(), "new")).isInstanceOf(FailingDisk.Killed.class);
      assertThat(Artefact.in(directory)).isEmpty();
    }
    write(Disk.real(), target(), "new");
    assertThat(children()).containsExactly("checkpoint");
  }

  /** A real file system without room, where one can be had. */
  @Test
  void aFullDiskLeavesEarlierArtefactsWhole() throws IOException, InterruptedException {
    Path small = Files.createDirectory(directory.resolve("small"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString()),
        "no right to mount a small file system");
    try {
      Path target = small.resolve("checkpoint");
      write(Disk.real(), target, "old");
      String large = "x".repeat(400);
      assertThatThrownBy(() -> write(Disk.real(), target, large))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(target.resolve("b.txt").toString());
      assertThat(text(target)).isEqualTo("old");
      Artefact.open(target).verify();
      write(Disk.real(), target, "new");
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // no such command on this system
    }
  }
}
