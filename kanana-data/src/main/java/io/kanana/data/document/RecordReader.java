package io.kanana.data.document;

import java.io.IOException;

/** Documents of one file. */
interface RecordReader {
  /** The next document, or null at the end. */
  Document next() throws IOException;

  /** The number of the line, or record, that was read last, from 1. */
  long position();

  /**
   * How far it came, for a message.
   *
   * @param fileOffset how many bytes of the file have been read
   */
  default String reached(long fileOffset) {
    return "line " + position() + ", near byte " + fileOffset + " of the file";
  }
}
