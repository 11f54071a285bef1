package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTensorTest {
  private static final double[] VALUES =
      DoubleStream.iterate(0.1, x -> x + 0.1).limit(12).toArray();

  @TempDir Path directory;

  private SafetensorsFile stored(StoredType type) throws IOException {
    Path file = directory.resolve(type + ".safetensors");
    TensorSpec spec = TensorSpec.of("x", StoredType.F64, 4, 3);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(
          List.of(TensorContent.ofDoubles(spec, () -> VALUES).as(type)), Map.of(), out);
    }
    return SafetensorsFile.open(file);
  }

  @Test
  void doublesAreKeptToTheLastBit() throws IOException {
    try (SafetensorsFile file = stored(StoredType.F64)) {
      assertThat(file.tensor("x").doubles()).isEqualTo(VALUES);
    }
  }

  @Test
  void rowsAreReadAloneInEveryType() throws IOException {
    for (StoredType type :
        List.of(StoredType.F64, StoredType.F32, StoredType.BF16, StoredType.F16)) {
      try (SafetensorsFile file = stored(type)) {
        StoredTensor whole = file.tensor("x");
        StoredTensor middle = whole.rows(1, 3);
        assertThat(middle.spec().shape()).containsExactly(2L, 3L);
        for (int i = 0; i < 6; i++) {
          assertThat(middle.floats()[i]).isEqualTo(whole.floats()[3 + i]);
          assertThat(middle.doubles()[i]).isEqualTo(whole.doubles()[3 + i]);
        }
        assertThat(whole.rows(4, 4).floats()).isEmpty();
      }
    }
  }
}
