package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.kanana.core.error.DataException;
import io.kanana.data.document.RejectedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationFilesTest {
  private static final String GOOD = "{\"instruction\": \"질문\", \"output\": \"답\"}\n";
  private static final String MIXED =
      GOOD
          + "{not json\n"
          + "[1]\n"
          + GOOD
          + "{\"instruction\": \"a\", \"output\": \" \"}\n"
          + "\n"
          + GOOD;

  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  private List<FoundConversation> read(ConversationFiles files) {
    List<FoundConversation> found = new ArrayList<>();
    try (ConversationStream stream = files.create().open(rejected::add)) {
      for (FoundConversation next = stream.next(); next != null; next = stream.next()) {
        found.add(next);
      }
    }
    return found;
  }

  private static byte[] packed(String text, String kind) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (kind) {
          case "gzip" -> new GZIPOutputStream(bytes);
          case "zstd" -> new ZstdOutputStream(bytes);
          default -> bytes;
        }) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "zstd"})
  void whatIsBadIsNamedAndNothingGoodIsLost(String kind) throws IOException {
    Path file = Files.write(directory.resolve("a.records"), packed(MIXED, kind));
    List<FoundConversation> found = read(ConversationFiles.of(file.toString()));
    assertThat(found).extracting(FoundConversation::line).containsExactly(1L, 4L, 7L);
    assertThat(found).extracting(FoundConversation::file).containsOnly(file.toString());
    assertThat(rejected)
        .extracting(r -> r.line() + " " + r.reason())
        .containsExactly("2 not-json", "3 not-an-object", "5 empty-answer");
    assertThat(rejected).extracting(RejectedRecord::file).containsOnly(file.toString());
  }

  @Test
  void aFormThatIsNamedIsTheOnlyOne() throws IOException {
    Path file = Files.writeString(directory.resolve("a.jsonl"), GOOD);
    ConversationFiles auto = ConversationFiles.of(file.toString());
    ConversationFiles messages =
        new ConversationFiles(
            auto.path(),
            RecordForm.MESSAGES,
            Optional.empty(),
            auto.onCorruptFile(),
            auto.maxRecordBytes());
    assertThat(read(messages)).isEmpty();
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("no-messages");
  }

  @Test
  void aDomainIsThatOfTheRecordOrOfTheFiles() throws IOException {
    String own = GOOD.replace("}", ", \"domain\": \"math\"}");
    Path file = Files.writeString(directory.resolve("a.jsonl"), GOOD + own);
    ConversationFiles plain = ConversationFiles.of(file.toString());
    ConversationFiles chat =
        new ConversationFiles(
            plain.path(),
            plain.form(),
            Optional.of("chat"),
            plain.onCorruptFile(),
            plain.maxRecordBytes());
    assertThat(read(chat))
        .extracting(found -> found.conversation().origin().domain().orElseThrow())
        .containsExactly("chat", "math");
  }

  @Test
  void aTruncatedFileEndsTheRunUnlessItIsSkipped() throws IOException {
    byte[] bytes = packed(MIXED, "gzip");
    Path file = Files.write(directory.resolve("a.gz"), Arrays.copyOf(bytes, bytes.length - 9));
    assertThatThrownBy(() -> read(ConversationFiles.of(file.toString())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + ": cannot be read beyond line");
  }

  @ParameterizedTest
  @CsvSource({
    "sft-chat-ko, 11823",
    "sft-instruct-en, 175",
    "sft-math-en, 7473",
  })
  void allRecordsOfRealFilesAreRead(String name, int count) {
    Path file =
        Path.of(
            System.getProperty("kanana.root", ".."),
            "../shared/data/posttrain/" + name + ".jsonl.gz");
    assumeTrue(Files.exists(file), "no data at " + file);
    assertThat(read(ConversationFiles.of(file.toString()))).hasSize(count);
    assertThat(rejected).isEmpty();
  }
}
