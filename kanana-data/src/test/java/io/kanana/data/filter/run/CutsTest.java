package io.kanana.data.filter.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.kanana.core.random.RandomKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutsTest {
  @TempDir Path directory;

  /** Line by line: a file ends with the line that goes beyond so many bytes. */
  private static List<String> obvious(List<String> lines, long fileBytes) {
    List<String> files = new ArrayList<>();
    StringBuilder file = new StringBuilder();
    for (String line : lines) {
      file.append(line);
      if (file.length() > fileBytes) {
        files.add(file.toString());
        file.setLength(0);
      }
    }
    if (!file.isEmpty()) {
      files.add(file.toString());
    }
    return files;
  }

  private static List<String> randomLines(RandomKey key) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < key.below(0, 200); i++) {
      lines.add("x".repeat(key.child(1).below(i, 30)) + "\n");
    }
    return lines;
  }

  /** The files that are made, of lines that lie in several files. */
  private List<String> made(RandomKey key, List<String> lines, long fileBytes) throws IOException {
    Cuts cuts = new Cuts(fileBytes);
    int at = 0;
    for (int i = 0; at < lines.size(); i++) {
      int end = Math.min(lines.size(), at + key.child(2).below(i, 20));
      byte[] text = String.join("", lines.subList(at, end)).getBytes(StandardCharsets.US_ASCII);
      Path source = Files.write(directory.resolve("s" + i), Zstd.compress(text));
      cuts.add(source, text.length);
      at = end;
    }
    List<String> files = new ArrayList<>();
    for (List<JoinedLines.Piece> pieces : cuts.files()) {
      Path target = directory.resolve("made-" + files.size());
      new JoinedLines(target.toString(), "lines", pieces).write(target, () -> false);
      try (InputStream in = LinesFile.read(target.resolve("lines.jsonl.zst"))) {
        files.add(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
      }
    }
    return files;
  }

  @Test
  void filesEndWithTheLineThatGoesBeyond() throws IOException {
    for (int seed = 0; seed < 15; seed++) {
      RandomKey key = RandomKey.of(seed);
      List<String> lines = randomLines(key);
      long fileBytes = 1L + key.child(3).below(0, 600);
      assertThat(made(key, lines, fileBytes))
          .as("seed %s, %s bytes", seed, fileBytes)
          .isEqualTo(obvious(lines, fileBytes));
    }
  }
}
