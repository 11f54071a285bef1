package io.kanana.core.tokenizer;

/** Decodes one stream of ids; not safe for use by several threads. */
public interface IncrementalDecoder {
  /** Takes the next id and returns the text that is certain now, possibly empty. */
  String next(int id);

  /** What was still held back; the decoder is then as new. */
  String flush();
}
