package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.FuzzInputs;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFilesTest {
  private static final String SMALL =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [{"id": 4, "content": "<s>", "single_word": false, "lstrip": true,
         "rstrip": false, "normalized": false, "special": true}],
       "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"},
         {"type": "Replace", "pattern": {"String": "x"}, "content": "a"}]},
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
         {"type": "Split", "pattern": {"Regex": "\\\\s+|[ab]+"}, "behavior": "MergedWithNext",
          "invert": false}, {"type": "Digits", "individual_digits": true},
         {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}]},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [4], "tokens": ["<s>"]}}},
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "_"}, "content": " "}, {"type": "ByteFallback"},
         {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 1}]},
       "model": {"type": "BPE", "dropout": null, "unk_token": "a", "continuing_subword_prefix": null,
         "end_of_word_suffix": "", "fuse_unk": true, "byte_fallback": false, "ignore_merges": true,
         "vocab": {"a": 0, "b": 1, "ab": 2, "aba": 3}, "merges": ["a b", ["ab", "a"]]}}
      """;

  private static BytePairTokenizer parse(String json) {
    return Tokenizers.parse(json.getBytes(StandardCharsets.UTF_8), "tokenizer.json");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    byte[] written = Tokenizers.toJson(parse(SMALL));
    assertThat(Tokenizers.toJson(Tokenizers.parse(written, "written"))).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"BPE\"'|'\"WordLevel\"'|model.type",
        "'\"NFC\"'|'\"Foo\"'|normalizer.normalizers[0].type",
        "'\"Digits\"'|'\"Foo\"'|pre_tokenizer.pretokenizers[1].type",
        "'\"Fuse\"'|'\"Foo\"'|decoder.decoders[2].type",
        "'\"TemplateProcessing\"'|'\"Foo\"'|post_processor.type",
        "'\"dropout\": null'|'\"dropout\": 0.1'|model.dropout",
        "'\"truncation\": null'|'\"truncation\": {}'|truncation",
        "'\"padding\": null'|'\"foo\": null'|foo",
        "'\"aba\": 3'|'\"aba\": 2147483647'|model.vocab.aba",
        "'\"aba\": 3'|'\"aba\": 2'|model.vocab.aba",
        "'\"aba\": 3'|'\"abb\": 3'|model.merges[1]",
        "'\"a b\"'|'\"a b c\"'|model.merges[0]",
        "'[ab]+'|'[ab&&c]+'|pattern.Regex",
        "'\"ids\": [4]'|'\"ids\": [77]'|post_processor",
        "'\"id\": 4'|'\"id\": 3'|added_tokens[0]",
        "'\"lstrip\": true'|'\"lstrip\": 1'|added_tokens[0].lstrip",
        "'\"1.0\"'|'\"2.0\"'|version",
      })
  void refusesByName(String part, String replacement, String path) {
    assertThat(SMALL).contains(part);
    assertThatThrownBy(() -> parse(SMALL.replace(part, replacement)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer.json: ")
        .hasMessageContaining(path);
  }

  @Test
  void refusesDeepNestingAndBrokenJson() {
    for (String json :
        List.of("[".repeat(100_000), "{", "", "null", "3", "{}", "{\"a\":1}", "\0")) {
      assertThatThrownBy(() -> parse(json)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path directory) {
    assertThatThrownBy(() -> Tokenizers.load(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer.json: the file cannot be read: there is no such file");
  }

  @Test
  void mutatedFilesWorkOrAreRefused() {
    Random random = new Random(13);
    byte[] original = SMALL.getBytes(StandardCharsets.UTF_8);
    int inputs = FuzzInputs.count(10_000);
    int working = 0;
    for (int n = 0; n < inputs; n++) {
      byte[] mutated = mutate(original.clone(), random);
      try {
        BytePairTokenizer tokenizer = Tokenizers.parse(mutated, "fuzz");
        int[] ids = tokenizer.encode("<s> ab x aba\u00e9 12", Specials.PARSE_AND_ADD);
        assertThat(tokenizer.decode(ids, false)).isNotNull();
        tokenizer.encodeWithOffsets("ab<s> x", Specials.PARSE);
        working++;
      } catch (CheckpointException | ConfigException | DataException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(working).isBetween(inputs / 100, inputs - inputs / 100);
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] interesting = "0192ab{}[]\",:-. \\\u0000e".getBytes(StandardCharsets.UTF_8);
    for (int k = random.nextInt(3); k >= 0; k--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = interesting[random.nextInt(interesting.length)];
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> {
          int length = Math.min(random.nextInt(24), bytes.length - at);
          System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
        }
        default -> {
          if (random.nextInt(10) == 0) {
            return java.util.Arrays.copyOf(bytes, at + 1);
          }
        }
      }
    }
    return bytes;
  }

  @Test
  void aConfigKeepsWhatItDoesNotKnow(@TempDir Path directory) throws Exception {
    String json =
        """
        {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "ab", "foo": [1, {"bar": 2}],
         "model_max_length": 1000000000000000019884624838656, "chat_template": [
           {"name": "default", "template": "A"}, {"name": "tool_use", "template": "B"}]}
        """;
    Files.writeString(directory.resolve(Tokenizers.CONFIG), json);
    Files.writeString(directory.resolve(Tokenizers.TOKENIZER), SMALL);
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
    assertThat(tokenizer.beginOfText()).hasValue(4);
    assertThat(tokenizer.endOfText()).hasValue(2);
    TokenizerConfig config = Tokenizers.loadConfig(directory);
    assertThat(config.chatTemplates()).containsEntry("tool_use", "B").containsEntry("default", "A");
    assertThat(config.modelMaxLength()).isEmpty();
    Path copy = directory.resolve("copy");
    Tokenizers.save(tokenizer, config.withChatTemplate("C"), copy);
    TokenizerConfig again = Tokenizers.loadConfig(copy);
    assertThat(again).isEqualTo(config.withChatTemplate("C"));
    assertThat(again.toString()).contains("1000000000000000019884624838656").contains("bar");
    assertThat(again.token(Role.BEGIN_OF_TEXT)).hasValue("<s>");
    assertThat(copy.resolve(Tokenizers.CHAT_TEMPLATE)).hasContent("C");
  }

  @Test
  void aConfigWithAWrongKindOfValueIsRefused() {
    assertThatThrownBy(
            () ->
                Tokenizers.parseConfig(
                    "{\"bos_token\": 3}".getBytes(StandardCharsets.UTF_8), "dir/config"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("dir/config: bos_token is 3");
  }
}
