package io.kanana.data.parquet;

import java.io.IOException;
import java.io.InputStream;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TProtocolUtil;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/** Reads the structures that Parquet describes itself with. */
final class Thrift {
  /** Of fields that nobody knows: deeper ones would exhaust the stack. */
  private static final int MAX_DEPTH = 64;

  static {
    TProtocolUtil.setMaxSkipDepth(MAX_DEPTH);
  }

  private Thrift() {}

  /**
   * @param maxBytes no text and no list of it is longer, whatever it claims
   */
  static <T extends TBase<?, ?>> T read(T value, InputStream in, int maxBytes) throws IOException {
    try {
      TConfiguration limits = TConfiguration.custom().setMaxMessageSize(maxBytes).build();
      value.read(new TCompactProtocol(new TIOStreamTransport(limits, in)));
      return value;
    } catch (TException e) {
      // the message may be as long as the description
      throw new IOException("its description is damaged", e);
    }
  }
}
