package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.ArtefactWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Documents as the lines they come in. */
final class CutLines implements CutFiles {
  private final ArtefactWriter artefact;
  private final String prefix;
  private final long fileBytes;
  private final int level;
  private final byte[] buffer = new byte[1 << 17];
  private LinesFile file;
  private long written;
  private int files;

  /**
   * @param prefix of the names; five digits follow
   * @param fileBytes a file ends with the line that goes beyond so many bytes
   */
  CutLines(ArtefactWriter artefact, String prefix, long fileBytes, int level) {
    this.artefact = artefact;
    this.prefix = prefix;
    this.fileBytes = fileBytes;
    this.level = level;
  }

  @Override
  public void append(InputStream lines) throws IOException {
    for (int read = lines.read(buffer); read >= 0; read = lines.read(buffer)) {
      int from = 0;
      while (from < read) {
        from = write(from, read);
      }
    }
  }

  /** Writes up to the end of what is read, of the allowed bytes, or of the file. */
  private int write(int from, int end) throws IOException {
    if (file == null) {
      String number = String.format(Locale.ROOT, "%05d", files++);
      file = new LinesFile(artefact, prefix + number, level);
      written = 0;
    }
    boolean full = written >= fileBytes;
    int to = full ? lineEnd(from, end) : (int) Math.min(end, from + fileBytes - written);
    file.write(buffer, from, to - from);
    written += to - from;
    if (full && buffer[to - 1] == '\n') {
      finish();
    }
    return to;
  }

  private int lineEnd(int from, int end) {
    int to = from;
    while (to < end && buffer[to] != '\n') {
      to++;
    }
    return Math.min(end, to + 1);
  }

  @Override
  public void finish() throws IOException {
    if (file != null) {
      file.finish();
      file = null;
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
