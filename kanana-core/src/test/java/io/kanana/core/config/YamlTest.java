package io.kanana.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.FuzzInputs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1        | 1
          -20      | -20
          20_000   | 20000
          3e-4     | 3e-4
          3.0E-4   | 3.0E-4
          .5       | .5
          """)
  void readsNumbers(String written, double expected) {
    assertThat(Yaml.read("a: " + written).get("a").isNumber()).isTrue();
    assertThat(Yaml.read("a: " + written).get("a").doubleValue()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &x 1",
        "a: *x",
        "a: !!str 1",
        "a: !java.net.URL [x]",
        "a: ",
        "a: ~",
        "a: null",
        "a: no",
        "a: 010",
        "a: 0x1F",
        "a: 1:30",
        "a: .inf",
        "a: .NaN",
        "a: 1\na: 2",
        "- 1",
        "7",
        "a: 1\n---\nb: 2",
        "[a]: 1",
        "{a: 1}: 2",
        "a: [1",
        "a: \"x",
        "a: b: c",
        "\tb: 1",
        "a: 1\n  b: 2",
        "<<: {a: 1}\nb: *q",
        "%YAML 9.9\n---\na: 1",
        "a: \u0001"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> Yaml.read(text)).isInstanceOf(ConfigException.class);
  }

  @Test
  void saysWhere() {
    assertThatThrownBy(() -> Yaml.read("a: 1\nb: [1\n"))
        .hasMessageStartingWith("line 3, column 1: ");
    assertThatThrownBy(() -> Yaml.read(write("x:\n  y: 1\n  y: 2\n")))
        .hasMessage("x.y: is given twice; keep one (%s, line 3)", directory.resolve("c.yaml"));
  }

  @Test
  void refusesDepthAndSize() throws IOException {
    assertThatThrownBy(() -> Yaml.read("a: " + "[".repeat(100_000)))
        .hasMessageContaining("nested deeper than 32 levels");
    Path large = write("a: " + "x".repeat(1 << 20));
    assertThatThrownBy(() -> Yaml.read(large)).hasMessageContaining("larger than 1 MiB");
    assertThatThrownBy(() -> Yaml.read("a: " + "9".repeat(100_000)))
        .hasMessageContaining("is a number of 100000 characters");
  }

  @Test
  void refusesFilesThatAreMissingOrNoText() throws IOException {
    assertThatThrownBy(() -> Yaml.read(directory.resolve("none.yaml")))
        .hasMessageContaining("there is no such file");
    Path binary = directory.resolve("binary.yaml");
    Files.write(binary, new byte[] {'a', ':', (byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> Yaml.read(binary)).hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void writesWhatItReadsBack() {
    ObjectNode tree =
        Yaml.read(
            """
            text: ["no", "1", "1e5", "", " x ", "a: b", "#c", "한국어\\n", "null", "'", "0x1", "~", "-"]
            numbers: [0, -1, 12345678901, 123456789012345678901234567890, 3.10, 1e-300, 1E+20]
            truth: [true, false]
            empty: {list: [], map: {}}
            "odd key: no": {"on": 1}
            """);
    assertThat(Yaml.read(Yaml.write(tree))).isEqualTo(tree);
    assertThat(Yaml.write(tree)).contains("- \"no\"", "- 3.10", "list: []", "\"on\": 1");
  }

  @Test
  void survivesRandomMutations() throws IOException {
    Random random = new Random(5);
    byte[] seed =
        "job: pretrain\nmodel: {layers: 4, 'x': \"y\"}\nlist:\n- {a: 1.5e-3}\n- b # c\nt: |\n  z\n"
            .getBytes(StandardCharsets.UTF_8);
    int inputs = FuzzInputs.count(5_000);
    int read = 0;
    for (int i = 0; i < inputs; i++) {
      Path file = directory.resolve("fuzz.yaml");
      Files.write(file, mutated(seed, random));
      try {
        assertThat(Yaml.read(Yaml.write(Yaml.read(file)))).isEqualTo(Yaml.read(file));
        read++;
      } catch (ConfigException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
    assertThat(read).isBetween(inputs / 50, inputs - inputs / 50);
  }

  private static byte[] mutated(byte[] seed, Random random) {
    byte[] bytes = seed.clone();
    String syntax = ":-[]{}&*!|>'\"%@`#,?~ \n\t0aé";
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] =
          random.nextInt(4) == 0
              ? (byte) random.nextInt(256)
              : (byte) syntax.charAt(random.nextInt(syntax.length()));
    }
    return bytes;
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("c.yaml"), text);
  }
}
