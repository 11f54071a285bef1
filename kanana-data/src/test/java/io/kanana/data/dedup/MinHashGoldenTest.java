package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.golden.Golden;
import io.kanana.data.dedup.NearDuplicates.Preset;
import io.kanana.data.document.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Permutations, signatures, matches and clusters agree with datatrove's, words split at spaces. */
@Tag("golden")
class MinHashGoldenTest {
  private static final Map<String, Preset> RUNS =
      Map.of("sha1", Preset.FINEWEB, "xxhash", Preset.FINEWEB_2);

  private static Path folder() {
    return Golden.folder("minhash");
  }

  private static Stream<DynamicTest> runs(BiConsumer<String, MinHash> test) {
    Map<String, Preset> sorted = new TreeMap<>(RUNS);
    return sorted.entrySet().stream()
        .map(
            run ->
                DynamicTest.dynamicTest(
                    run.getKey(),
                    () -> test.accept(run.getKey(), new MinHash(run.getValue().shape()))));
  }

  @TestFactory
  Stream<DynamicTest> permutations() {
    JsonNode golden = Golden.json(folder().resolve("permutations.json"));
    Permutations permutations = new Permutations(112, 1);
    return Golden.cases(
        Stream.of("a", "b")
            .map(
                name ->
                    DynamicTest.dynamicTest(
                        name,
                        () -> {
                          long[] expected = unsigned(golden.get(name));
                          assertThat(expected).hasSize(112);
                          for (int k = 0; k < expected.length; k++) {
                            long found =
                                name.equals("a") ? permutations.factor(k) : permutations.term(k);
                            assertThat(found).as("%s %d", name, k).isEqualTo(expected[k]);
                          }
                        })));
  }

  @TestFactory
  Stream<DynamicTest> signatures() {
    Map<String, String> texts = texts();
    List<JsonNode> golden = lines("signatures.jsonl.gz");
    return Golden.cases(
        golden.stream()
            .flatMap(
                line ->
                    runs(
                        (run, minHash) -> {
                          String text = texts.get(line.get("id").asText());
                          assertThat(SimplifiedText.of(text))
                              .hasToString(line.get("simplified").asText());
                          JsonNode expected = line.get(run);
                          long[] hashes = minHash.shingleHashes(text);
                          assertThat(hashes).hasSize(expected.get("shingles").asInt());
                          long[] first = unsigned(expected.get("first_shingle_hashes"));
                          assertThat(Arrays.copyOf(hashes, first.length)).isEqualTo(first);
                          List<Long> signature = new ArrayList<>();
                          expected
                              .get("signature")
                              .forEach(band -> addAll(signature, unsigned(band)));
                          assertThat(minHash.signature(text)).containsExactly(toArray(signature));
                        })));
  }

  @TestFactory
  Stream<DynamicTest> pairs() {
    Map<String, String> texts = texts();
    List<JsonNode> golden = lines("pairs.jsonl.gz");
    return Golden.cases(
        runs(
            (run, minHash) -> {
              for (JsonNode pair : golden) {
                long[] a = minHash.bandKeys(texts.get(pair.get("a").asText()));
                long[] b = minHash.bandKeys(texts.get(pair.get("b").asText()));
                boolean shares = false;
                for (int band = 0; band < a.length; band++) {
                  shares |= a[band] == b[band];
                }
                assertThat(shares)
                    .as("%s", pair)
                    .isEqualTo(pair.get("shares_bucket").get("space-" + run).asBoolean());
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> clusters() {
    JsonNode golden = Golden.json(folder().resolve("result.json"));
    List<Document> documents = new ArrayList<>();
    texts().forEach((id, text) -> documents.add(Document.of(id, text)));
    return Golden.cases(
        runs(
            (run, minHash) -> {
              NearDuplicates filter = new NearDuplicates(NearDuplicates.Config.of(RUNS.get(run)));
              List<byte[]> sketches = documents.stream().map(filter::sketch).toList();
              Clusters clusters = filter.cluster(Deduplication.sketches(sketches), 2);
              Map<Integer, List<String>> found = new TreeMap<>();
              for (int place = 0; place < documents.size(); place++) {
                if (clusters.size(place) > 1) {
                  found
                      .computeIfAbsent(clusters.cluster(place), c -> new ArrayList<>())
                      .add(documents.get(place).id());
                }
              }
              JsonNode expected = golden.get("space-" + run);
              List<List<String>> partition = new ArrayList<>();
              expected.get("clusters").forEach(cluster -> partition.add(strings(cluster)));
              assertThat(found.values()).containsExactlyInAnyOrderElementsOf(partition);
              int kept = Deduplication.of(filter, documents, 1).kept().size();
              assertThat(documents.size() - kept).isEqualTo(expected.get("removed").size());
            }));
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(value -> strings.add(value.asText()));
    return strings.stream().sorted().toList();
  }

  private static long[] unsigned(JsonNode array) {
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Long.parseUnsignedLong(array.get(i).asText());
    }
    return values;
  }

  private static void addAll(List<Long> all, long[] more) {
    for (long value : more) {
      all.add(value);
    }
  }

  private static long[] toArray(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** By id, in the corpus's order. */
  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    lines("documents.jsonl.gz")
        .forEach(line -> texts.put(line.get("id").asText(), line.get("text").asText()));
    return texts;
  }

  private static List<JsonNode> lines(String file) {
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder().resolve(file))),
                StandardCharsets.UTF_8))) {
      List<JsonNode> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(json.readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
