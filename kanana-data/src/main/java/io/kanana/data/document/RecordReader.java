package io.kanana.data.document;

import java.io.IOException;

/** Documents of one file. */
interface RecordReader {
  /** The next document, or null at the end. */
  Document next() throws IOException;

  /** The number of the line, or record, that was read last, from 1. */
  long position();
}
