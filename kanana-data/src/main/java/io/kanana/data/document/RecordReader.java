package io.kanana.data.document;

import java.io.IOException;

/** Documents of one file. */
interface RecordReader {
  /** The next document, or null at the end. */
  Document next() throws IOException;
}
