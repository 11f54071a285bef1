package io.kanana.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.data.ByteTokenizer;
import io.kanana.data.Corpora;
import io.kanana.data.shard.ShardSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BestFitSequencesTest {
  @TempDir Path directory;

  private ShardSet shards(String name, int count) {
    return Corpora.shards(
        directory.resolve(name), Corpora.random(5, count, 60), ByteTokenizer.both(), 900);
  }

  private static List<Piece> all(Sequences sequences) {
    List<Piece> pieces = new ArrayList<>();
    for (long i = 0; i < sequences.count(); i++) {
      pieces.addAll(sequences.pieces(i));
    }
    return pieces;
  }

  @ParameterizedTest
  @CsvSource({"1,1000", "2,7", "16,1", "64,10", "64,1000", "100,33", "4096,1000"})
  void everyTokenIsInOnePieceAndOnlyLongDocumentsAreCut(int contextLength, int block) {
    try (ShardSet set = shards("s", 200)) {
      Path packing = directory.resolve("p");
      new BestFitPacking(set, contextLength, block).write(packing, done -> {});
      try (BestFitSequences packed = BestFitSequences.open(packing, set)) {
        byte[] seen = new byte[(int) set.tokens()];
        int[] piecesOf = new int[(int) set.documents()];
        for (Piece piece : all(packed)) {
          ShardSet.Extent extent = set.extent(piece.document());
          assertThat(piece.start()).isGreaterThanOrEqualTo(extent.start());
          assertThat(piece.start() + piece.length()).isLessThanOrEqualTo(extent.end());
          assertThat((piece.start() - extent.start()) % contextLength).isZero();
          piecesOf[(int) piece.document()]++;
          for (int i = 0; i < piece.length(); i++) {
            seen[(int) piece.start() + i]++;
          }
        }
        assertThat(seen).containsOnly(1);
        long cut = 0;
        for (int document = 0; document < piecesOf.length; document++) {
          long length = set.extent(document).end() - set.extent(document).start();
          assertThat((long) piecesOf[document]).isEqualTo(Math.ceilDiv(length, contextLength));
          cut += length > contextLength ? 1 : 0;
        }
        assertThat(packed.cutDocuments()).isEqualTo(cut);
        assertThat(packed.fill()).isGreaterThan(0).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void itCutsFewerDocumentsThanWindowsForLittlePadding() {
    try (ShardSet set = shards("s", 2000)) {
      BestFitPacking.write(set, 256, directory.resolve("p"), done -> {});
      try (BestFitSequences packed = BestFitSequences.open(directory.resolve("p"), set)) {
        Windows windows = new Windows(set, 256);
        assertThat(packed.cutDocuments()).isZero();
        assertThat(windows.cutDocuments()).isGreaterThan(300);
        assertThat(1 - packed.fill()).isLessThan(0.005);
      }
    }
  }

  @Test
  void aPackingFollowsFromShardsAndContextLength() throws IOException {
    try (ShardSet set = shards("s", 300);
        ShardSet same = shards("same", 300);
        ShardSet other = shards("other", 299)) {
      Path one = directory.resolve("one");
      Path two = directory.resolve("two");
      BestFitPacking.write(set, 64, one, done -> {});
      BestFitPacking.write(same, 64, two, done -> {});
      assertThat(two.resolve("manifest.json")).hasSameBinaryContentAs(one.resolve("manifest.json"));
      assertThat(BestFitSequences.isDone(one, set, 64)).isTrue();
      assertThat(BestFitSequences.isDone(one, other, 64)).isFalse();
      assertThat(BestFitSequences.isDone(one, set, 65)).isFalse();
      assertThat(BestFitSequences.isDone(directory.resolve("none"), set, 64)).isFalse();
      assertThatThrownBy(() -> BestFitSequences.open(one, other))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("is a packing of other token shards");
      try (BestFitSequences a = BestFitSequences.open(one, set);
          BestFitSequences b = BestFitSequences.open(two, same)) {
        assertThat(a.fingerprint()).isEqualTo(b.fingerprint());
        assertThat(all(a)).isEqualTo(all(b));
        assertThat(a.fingerprint()).isNotEqualTo(new Windows(set, 64).fingerprint());
      }
    }
  }

  @Test
  void whatIsDamagedIsRefused() throws IOException {
    try (ShardSet set = shards("s", 50)) {
      Path packing = directory.resolve("p");
      BestFitPacking.write(set, 64, packing, done -> {});
      Path pieces = packing.resolve("pieces.index");
      byte[] bytes = Files.readAllBytes(pieces);
      bytes[3] ^= 1;
      Files.write(pieces, bytes);
      assertThatThrownBy(() -> BestFitSequences.open(packing, set))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("pieces.index: has SHA-256");
    }
  }

  /** Artefacts with nothing against them in their manifests. */
  @ParameterizedTest
  @CsvSource({
    "pieces.index,0,-1",
    "pieces.index,0,99999999",
    "sequences.index,8,99999999",
    "sequences.index,8,0"
  })
  void whatLiesIsRefusedWhereItIsRead(String file, int at, long value) throws IOException {
    try (ShardSet set = shards("s", 50)) {
      Path packing = directory.resolve("p");
      BestFitPacking.write(set, 64, packing, done -> {});
      byte[] bytes = Files.readAllBytes(packing.resolve(file));
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
      Path lying = directory.resolve("lying");
      try (ArtefactWriter artefact = ArtefactWriter.create(lying, "packing", List.of())) {
        for (String name : List.of("pieces.index", "sequences.index", "packing.json")) {
          if (name.equals(file)) {
            artefact.write(name, bytes);
          } else {
            artefact.copy(name, packing.resolve(name));
          }
        }
        artefact.commit();
      }
      try (BestFitSequences packed = BestFitSequences.open(lying, set)) {
        assertThatThrownBy(() -> all(packed))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("is not of a packing; remove it");
      }
    }
  }

  @Test
  void aManifestOfAnotherKindIsRefused() {
    try (ShardSet set = shards("s", 5)) {
      Path other = directory.resolve("other");
      try (ArtefactWriter artefact = ArtefactWriter.create(other, "packing", List.of())) {
        artefact.write("packing.json", "{\"format\": 2}");
        artefact.commit();
      }
      assertThatThrownBy(() -> BestFitSequences.isDone(other, set, 64))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("packing.json: not the manifest of a packing");
    }
  }
}
