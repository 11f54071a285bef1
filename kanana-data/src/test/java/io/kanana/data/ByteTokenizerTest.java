package io.kanana.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tokenizer.Encoding;
import io.kanana.core.tokenizer.IncrementalDecoder;
import io.kanana.core.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class ByteTokenizerTest {
  private final ByteTokenizer tokenizer = ByteTokenizer.both();

  @Test
  void tellsWhereBytesComeFrom() {
    Encoding encoding = tokenizer.encodeWithOffsets("a한🙂", Tokenizer.Specials.NONE);
    assertThat(encoding.ids()).isEqualTo(tokenizer.encode("a한🙂", Tokenizer.Specials.NONE));
    assertThat(encoding.starts()).containsExactly(0, 1, 1, 1, 2, 2, 2, 2);
    assertThat(encoding.ends()).containsExactly(1, 2, 2, 2, 3, 3, 3, 3);
  }

  @Test
  void decodesBitByBit() {
    String text = "a한🙂b";
    IncrementalDecoder decoder = tokenizer.decoder(true);
    StringBuilder pieces = new StringBuilder();
    for (int id : tokenizer.encode(text, Tokenizer.Specials.NONE)) {
      pieces.append(decoder.next(id));
      assertThat(text).startsWith(pieces);
    }
    assertThat(pieces.append(decoder.flush())).hasToString(text);
  }
}
