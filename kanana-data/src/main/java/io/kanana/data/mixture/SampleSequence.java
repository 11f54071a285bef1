package io.kanana.data.mixture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.batch.MixtureBatches.Origin;
import io.kanana.data.batch.Piece;
import io.kanana.data.batch.Sequences;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.ShardSet.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence of a run as text, for people to read.
 *
 * @param sequence its index in the run
 * @param origin where it comes from
 * @param pieces what stands in it
 * @param padding positions after them
 */
public record SampleSequence(long sequence, Origin origin, List<TextPiece> pieces, int padding) {
  /**
   * A piece of a document.
   *
   * @param document its index in the domain
   * @param from the first of its tokens that the piece has
   * @param length how many tokens
   * @param documentLength how many the whole document has
   * @param text of these tokens, special ones included
   */
  public record TextPiece(long document, long from, int length, long documentLength, String text) {}

  public SampleSequence {
    pieces = List.copyOf(pieces);
  }

  /**
   * Decodes a sequence.
   *
   * @param sequence its index in the run
   * @param sequences of the origin's domain
   */
  public static SampleSequence of(
      long sequence, Origin origin, Sequences sequences, Tokenizer tokenizer) {
    List<TextPiece> texts = new ArrayList<>();
    int filled = 0;
    for (Piece piece : sequences.pieces(origin.sequence())) {
      texts.add(text(piece, sequences.shards(), tokenizer));
      filled += piece.length();
    }
    return new SampleSequence(sequence, origin, texts, sequences.contextLength() - filled);
  }

  private static TextPiece text(Piece piece, ShardSet shards, Tokenizer tokenizer) {
    int[] ids = new int[piece.length()];
    shards.read(piece.start(), ids, 0, ids.length);
    Extent extent = shards.extent(piece.document());
    return new TextPiece(
        piece.document(),
        piece.start() - extent.start(),
        piece.length(),
        extent.end() - extent.start(),
        tokenizer.decode(ids, false));
  }

  /** The sequence as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("sequence", sequence).put("domain", origin.domain());
    json.put("own-sequence", origin.sequence()).put("pass", origin.pass());
    json.put("padding", padding);
    ArrayNode list = json.putArray("pieces");
    for (TextPiece piece : pieces) {
      list.addObject()
          .put("document", piece.document())
          .put("from", piece.from())
          .put("length", piece.length())
          .put("document-length", piece.documentLength())
          .put("text", piece.text());
    }
    return json;
  }
}
