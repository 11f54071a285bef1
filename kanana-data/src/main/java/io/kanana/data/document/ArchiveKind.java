package io.kanana.data.document;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/** Which archive bytes are, told by the first of them. */
enum ArchiveKind {
  NONE {
    @Override
    ArchiveInputStream<? extends ArchiveEntry> open(InputStream in) {
      throw new IllegalStateException("no archive");
    }
  },
  TAR {
    @Override
    ArchiveInputStream<? extends ArchiveEntry> open(InputStream in) {
      return new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
    }
  },
  ZIP {
    @Override
    ArchiveInputStream<? extends ArchiveEntry> open(InputStream in) {
      return new ZipArchiveInputStream(in, StandardCharsets.UTF_8.name());
    }
  };

  private static final int TAR_HEADER = 512;
  private static final int TAR_MAGIC = 257;

  abstract ArchiveInputStream<? extends ArchiveEntry> open(InputStream in);

  static ArchiveKind of(BufferedInputStream in) throws IOException {
    in.mark(TAR_HEADER);
    byte[] head = in.readNBytes(TAR_HEADER);
    in.reset();
    if (isZip(head)) {
      return ZIP;
    }
    return isTar(head) ? TAR : NONE;
  }

  private static boolean isZip(byte[] head) {
    return head.length > 4
        && head[0] == 'P'
        && head[1] == 'K'
        && ((head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6));
  }

  /** By its magic, or, as old ones have none, by the checksum of the first header. */
  private static boolean isTar(byte[] head) {
    if (head.length < TAR_HEADER || head[0] == 0) {
      return false;
    }
    String magic = new String(head, TAR_MAGIC, 5, StandardCharsets.ISO_8859_1);
    return magic.equals("ustar") || hasCheckSum(head);
  }

  private static boolean hasCheckSum(byte[] head) {
    try {
      return TarUtils.verifyCheckSum(head);
    } catch (IllegalArgumentException e) {
      // where the number should stand there is none
      return false;
    }
  }
}
