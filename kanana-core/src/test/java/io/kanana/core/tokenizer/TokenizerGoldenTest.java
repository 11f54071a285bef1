package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.golden.Golden;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Encoding and decoding agree with Hugging Face tokenizers on every golden case. */
@Tag("golden")
class TokenizerGoldenTest {

  @TestFactory
  Stream<DynamicTest> encodes() {
    return Golden.cases(overFiles("cases.jsonl.gz", TokenizerGoldenTest::encodeMismatch));
  }

  @TestFactory
  Stream<DynamicTest> encodesAfterBeingWrittenAndRead() {
    return Golden.cases(
        overFiles(
            "cases.jsonl.gz",
            (tokenizer, json) -> {
              byte[] written = Tokenizers.toJson(tokenizer);
              return encodeMismatch(Tokenizers.parse(written, "written"), json);
            },
            40));
  }

  @TestFactory
  Stream<DynamicTest> decodes() {
    return Golden.cases(
        Stream.of("cases.jsonl.gz", "decode-cases.jsonl")
            .flatMap(file -> overFiles(file, TokenizerGoldenTest::decodeMismatch)));
  }

  @TestFactory
  Stream<DynamicTest> decodesStreams() {
    return Golden.cases(
        Stream.concat(
            overFiles("stream-cases.jsonl", TokenizerGoldenTest::streamMismatch),
            overFiles("cases.jsonl.gz", TokenizerGoldenTest::joinMismatch)));
  }

  @TestFactory
  Stream<DynamicTest> refusesUnsupportedKindsByName() {
    return GoldenFiles.tokenizers().stream()
        .filter(GoldenFiles::unsupported)
        .map(
            directory ->
                DynamicTest.dynamicTest(
                    directory.getFileName().toString(),
                    () ->
                        assertThatThrownBy(() -> Tokenizers.load(directory))
                            .isInstanceOf(CheckpointException.class)
                            .hasMessageContaining(Tokenizers.TOKENIZER)
                            .hasMessageContaining("not supported; supported")));
  }

  private static Stream<DynamicTest> overFiles(
      String file, BiFunction<BytePairTokenizer, JsonNode, String> mismatch) {
    return overFiles(file, mismatch, 1);
  }

  /** One test per tokenizer that has this file; it looks at every n-th case. */
  private static Stream<DynamicTest> overFiles(
      String file, BiFunction<BytePairTokenizer, JsonNode, String> mismatch, int every) {
    return GoldenFiles.tokenizers().stream()
        .filter(directory -> Files.exists(directory.resolve(file)))
        .filter(directory -> !GoldenFiles.unsupported(directory))
        .map(
            directory ->
                DynamicTest.dynamicTest(
                    directory.getFileName() + "/" + file,
                    () -> check(directory, directory.resolve(file), mismatch, every)));
  }

  private static void check(
      Path directory,
      Path file,
      BiFunction<BytePairTokenizer, JsonNode, String> mismatch,
      int every) {
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
    List<JsonNode> cases = GoldenFiles.lines(file);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < cases.size(); i += every) {
      String difference = mismatch.apply(tokenizer, cases.get(i));
      if (difference != null) {
        wrong.add(cases.get(i).path("id").asText() + ": " + difference);
      }
    }
    assertThat(wrong).as("%d cases of %s", cases.size(), file).isEmpty();
  }

  private static String encodeMismatch(BytePairTokenizer tokenizer, JsonNode json) {
    if (!json.has("text")) {
      return null;
    }
    String text = json.get("text").textValue();
    Specials specials =
        json.get("add_special_tokens").booleanValue()
            ? Specials.PARSE_AND_ADD
            : json.get("parse_special").booleanValue() ? Specials.PARSE : Specials.NONE;
    int[] ids = tokenizer.encode(text, specials);
    Encoding encoding = tokenizer.encodeWithOffsets(text, specials);
    if (!Arrays.equals(ids, encoding.ids())) {
      return "with offsets " + encoding + " without " + Arrays.toString(ids);
    }
    if (json.has("ids_sha256")) {
      return sha256(ids).equals(json.get("ids_sha256").textValue()) ? null : "ids of a long text";
    }
    if (!Arrays.equals(ids, GoldenFiles.ints(json.get("ids")))) {
      return Arrays.toString(ids) + " expected " + json.get("ids");
    }
    return offsetMismatch(encoding, json.get("offsets"));
  }

  private static String offsetMismatch(Encoding encoding, JsonNode offsets) {
    for (int i = 0; i < encoding.size(); i++) {
      int[] expected = GoldenFiles.ints(offsets.get(i));
      if (encoding.starts()[i] != expected[0] || encoding.ends()[i] != expected[1]) {
        return encoding + " offsets expected " + offsets;
      }
    }
    return null;
  }

  private static String sha256(int[] ids) {
    String joined = Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(","));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(joined.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String decodeMismatch(BytePairTokenizer tokenizer, JsonNode json) {
    if (!json.has("ids")) {
      return null;
    }
    int[] ids = GoldenFiles.ints(json.get("ids"));
    try {
      String all = compare(tokenizer.decode(ids, false), decoded(json, "decoded"));
      return all == null && json.has("decoded_skip")
          ? compare(tokenizer.decode(ids, true), decoded(json, "decoded_skip"))
          : all;
    } catch (DataException e) {
      boolean unknown =
          Arrays.stream(ids).anyMatch(id -> id < 0 || id >= tokenizer.vocabularySize());
      return unknown ? null : e.getMessage();
    }
  }

  private static String decoded(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value.isBoolean() ? json.get("text").textValue() : value.textValue();
  }

  private static String compare(String found, String expected) {
    return found.equals(expected) ? null : "'" + found + "' expected '" + expected + "'";
  }

  private static String streamMismatch(BytePairTokenizer tokenizer, JsonNode json) {
    int[] ids = GoldenFiles.ints(json.get("ids"));
    boolean skip = json.get("skip_special_tokens").booleanValue();
    return compare(join(tokenizer, ids, skip), json.get("decoded").textValue());
  }

  private static String joinMismatch(BytePairTokenizer tokenizer, JsonNode json) {
    if (!json.has("ids")) {
      return null;
    }
    int[] ids = GoldenFiles.ints(json.get("ids"));
    return compare(join(tokenizer, ids, false), decoded(json, "decoded"));
  }

  private static String join(BytePairTokenizer tokenizer, int[] ids, boolean skip) {
    IncrementalDecoder decoder = tokenizer.decoder(skip);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      String piece = decoder.next(id);
      if (!piece.isEmpty()) {
        assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
        assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
      }
      text.append(piece);
    }
    return text.append(decoder.flush()).toString();
  }
}
