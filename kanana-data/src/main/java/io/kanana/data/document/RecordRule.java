package io.kanana.data.document;

import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.LineReader.Fault;
import java.util.Map;
import java.util.Set;

/** What becomes of the fields of a record: of a JSON object, or of a row of a table. */
interface RecordRule {
  /** How records are taken to stand in a file that looks like this. */
  Format format(Format told);

  /** Columns of a table that are text whatever the table says of them. */
  Set<String> texts();

  /** What keeps the fields from being a document; null where they are one. */
  Fault fault(Map<String, Object> fields);

  /**
   * The document of fields without a fault.
   *
   * @param fields may be changed
   * @param place names the document where no field does
   */
  Document document(Map<String, Object> fields, String place);
}
