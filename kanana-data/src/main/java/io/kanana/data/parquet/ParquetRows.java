package io.kanana.data.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;

/**
 * The rows of a file, one after the other. Of each column one page is in memory, and its
 * dictionary. Whatever a file claims, reading it ends, and takes room that its own size and the
 * toll bound. For one thread.
 */
public final class ParquetRows {
  private final FileChannel file;
  private final Toll toll;
  private final Footer footer;
  private final RowAssembly assembly;
  private final MessageColumnIO columns;
  private final Iterator<Footer.Group> groups;
  private RecordReader<ParquetRow> reader;
  private long left;
  private long rows;

  private ParquetRows(FileChannel file, Footer footer, RowAssembly assembly, Toll toll) {
    this.file = file;
    this.toll = toll;
    this.footer = footer;
    this.assembly = assembly;
    this.columns = new ColumnIOFactory(footer.writer()).getColumnIO(footer.schema());
    this.groups = footer.groups().iterator();
  }

  /**
   * @param file stays open, and where it stands
   * @param texts columns that are text whatever they say of themselves; others without a meaning
   *     become Base64
   * @param maxBytes of a row; a longer one comes without some of its values
   * @param toll is told what comes out
   * @throws IOException where the file is none of Parquet, damaged, encrypted, or compressed in a
   *     way that is not read
   */
  public static ParquetRows open(FileChannel file, Set<String> texts, long maxBytes, Toll toll)
      throws IOException {
    try {
      Footer footer = Footer.read(file);
      return new ParquetRows(
          file, footer, new RowAssembly(footer.schema(), texts, maxBytes, toll), toll);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  /** How many rows were read. */
  public long rows() {
    return rows;
  }

  /**
   * The next row, or null at the end.
   *
   * @throws IOException where it is damaged; nothing behind it can be read
   */
  public ParquetRow next() throws IOException {
    try {
      while (left == 0) {
        if (!groups.hasNext()) {
          return null;
        }
        begin(groups.next());
      }
      ParquetRow row = reader.read();
      left--;
      rows++;
      return row;
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private void begin(Footer.Group group) {
    left = group.rows();
    if (left > 0) {
      reader = columns.getRecordReader(new Pages(file, footer, group, toll), assembly);
    }
  }

  /** What decoders throw on damaged input is whatever they come upon. */
  private static IOException damaged(RuntimeException e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof UncheckedIOException)) {
      cause = cause.getCause();
    }
    return cause instanceof UncheckedIOException io
        ? io.getCause()
        : new IOException("it is damaged (" + e.getMessage() + ")", e);
  }

  private record Pages(Map<List<String>, ChunkPages> byPath, long rows) implements PageReadStore {
    Pages(FileChannel file, Footer footer, Footer.Group group, Toll toll) {
      this(new HashMap<>(), group.rows());
      List<ColumnDescriptor> columns = footer.schema().getColumns();
      for (int i = 0; i < columns.size(); i++) {
        ColumnDescriptor column = columns.get(i);
        byPath.put(
            List.of(column.getPath()),
            new ChunkPages(file, group.chunks().get(i), column, rows, toll));
      }
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
      return byPath.get(List.of(column.getPath()));
    }

    @Override
    public long getRowCount() {
      return rows;
    }
  }
}
