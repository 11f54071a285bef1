/**
 * Tables in Apache Parquet as rows of JSON values, and back. The encodings and the assembly of
 * nested rows are parquet-java's; what lies between them and the file is ours, so that nothing is
 * believed that a file says of itself before it was checked.
 */
package io.kanana.data.parquet;
