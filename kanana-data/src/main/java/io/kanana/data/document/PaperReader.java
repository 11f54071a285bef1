package io.kanana.data.document;

import io.kanana.data.document.FileEntries.Entry;
import io.kanana.data.document.LineReader.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Papers as arXiv keeps their sources: an archive for each, or one compressed file, themselves in
 * archives or not. Each becomes one LaTeX text, {@link LatexProject its inclusions resolved}, with
 * {@code main}, the name of its main file.
 */
final class PaperReader implements RecordReader {
  private static final String NAMES = ".*\\.(tex|ltx|latex|txt|tikz|pgf|bbl)|[^.]*|\\d+\\.\\d+";

  /** What was found so far of one paper. */
  private static final class Paper {
    private final String name;
    private final Map<String, String> files = new LinkedHashMap<>();
    private long bytes;

    Paper(String name) {
      this.name = name;
    }
  }

  /** What a file takes beside its name and content, about. */
  private static final int FILE_BYTES = 64;

  private final FileEntries entries;
  private final FilesConfig config;
  private final RecordPlace place;
  private final Deque<Paper> open = new ArrayDeque<>();
  private final Deque<Document> found = new ArrayDeque<>();
  private long papers;

  PaperReader(FileEntries entries, FilesConfig config, RecordPlace place) {
    this.entries = entries;
    this.config = config;
    this.place = place;
  }

  @Override
  public long position() {
    return papers;
  }

  @Override
  public Document next() throws IOException {
    boolean more = true;
    while (more && found.isEmpty()) {
      try {
        more = advance();
      } catch (IOException e) {
        damaged(entries.place());
        throw e;
      }
    }
    return found.poll();
  }

  /** Takes one more entry; false at the end. */
  private boolean advance() throws IOException {
    Entry entry = entries.next();
    if (entry == null) {
      closeAll();
      return false;
    }
    take(entry);
    return true;
  }

  /** A damaged archive is no whole paper; a damaged file of a paper costs itself. */
  private void damaged(String name) {
    closeUnless(name);
    if (!open.isEmpty() && open.peek().name.equals(name)) {
      open.pop();
    }
  }

  private void take(Entry entry) throws IOException {
    boolean alone = !entry.archived() || entry.packed();
    closeUnless(alone ? entry.name() : entry.archive());
    if (alone) {
      open.push(new Paper(entry.name()));
    } else if (open.isEmpty() || !open.peek().name.equals(entry.archive())) {
      open.push(new Paper(entry.archive()));
    }
    Paper paper = open.peek();
    String name = entry.name().substring(entry.name().lastIndexOf('!') + 1);
    if (alone || name.toLowerCase(Locale.ROOT).matches(NAMES)) {
      byte[] content =
          entry.content().readNBytes((int) Math.max(0, config.maxRecordBytes() + 1 - paper.bytes));
      // names take memory, too, and there can be millions of empty files
      paper.bytes += content.length + 2L * name.length() + FILE_BYTES;
      if (paper.bytes <= config.maxRecordBytes()) {
        paper.files.put(name, text(content));
      }
    }
  }

  /** Papers of archives that do not hold this one are complete. */
  private void closeUnless(String inside) {
    while (!open.isEmpty() && !holds(open.peek().name, inside)) {
      finish(open.pop());
    }
  }

  private static boolean holds(String archive, String name) {
    return name.equals(archive) || archive.isEmpty() || name.startsWith(archive + "!");
  }

  private void closeAll() {
    while (!open.isEmpty()) {
      finish(open.pop());
    }
  }

  private void finish(Paper paper) {
    if (paper.files.isEmpty()) {
      return;
    }
    papers++;
    RecordPlace own = new RecordPlace(place.file(), paper.name, place.quarantine());
    if (paper.bytes > config.maxRecordBytes()) {
      own.reject(0, WholeFileReader.tooLong(config));
      return;
    }
    LatexProject project = new LatexProject(paper.files, config.maxRecordBytes());
    String main = project.main();
    if (main == null) {
      own.reject(
          0, new Fault("no-main-file", "none of " + paper.files.size() + " files begins one"));
      return;
    }
    found.add(new Document(own.id(), project.text(main), Map.of("main", main)));
  }

  /** UTF-8, or what older papers are in. */
  private static String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return new String(content, StandardCharsets.ISO_8859_1);
    }
  }
}
