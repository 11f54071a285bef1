package io.kanana.data.document;

/** One pass over documents; for one thread. Closing it early releases its files. */
public interface DocumentStream extends AutoCloseable {
  /** The next document, or null at the end. */
  Document next();

  @Override
  void close();
}
