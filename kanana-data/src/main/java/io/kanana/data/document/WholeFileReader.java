package io.kanana.data.document;

import io.kanana.data.document.LineReader.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;

/** A file that is one document. */
final class WholeFileReader implements RecordReader {
  /** Makes the document, null where it is blank. */
  interface Decode {
    Document document(String id, byte[] content) throws CharacterCodingException;
  }

  private final InputStream in;
  private final FilesConfig config;
  private final RecordPlace place;
  private final Decode decode;
  private boolean read;

  WholeFileReader(InputStream in, FilesConfig config, RecordPlace place, Decode decode) {
    this.in = in;
    this.config = config;
    this.place = place;
    this.decode = decode;
  }

  @Override
  public Document next() throws IOException {
    if (read) {
      return null;
    }
    byte[] content = in.readNBytes(config.maxRecordBytes());
    read = true;
    if (in.read() >= 0) {
      place.reject(1, tooLong(config));
      return null;
    }
    try {
      return decode.document(place.id(), content);
    } catch (CharacterCodingException e) {
      place.reject(1, new Fault("not-utf-8", String.valueOf(e.getMessage())));
      return null;
    }
  }

  static Fault tooLong(FilesConfig config) {
    return new Fault(
        "too-long", "more than " + config.maxRecordBytes() + " bytes, which is max-record-bytes");
  }

  @Override
  public long position() {
    return read ? 1 : 0;
  }
}
