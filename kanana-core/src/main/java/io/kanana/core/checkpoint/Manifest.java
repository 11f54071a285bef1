package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an artefact consists of. It is the last file to be written, so a directory that has one is
 * whole.
 *
 * @param kind what the artefact is: {@code checkpoint}, {@code tokenizer}
 * @param parents identities of the artefacts it was made from
 * @param files every file but the manifest, by name
 */
public record Manifest(String kind, List<String> parents, SortedMap<String, FileRecord> files) {
  /** The file's name. */
  public static final String FILE = "manifest.json";

  private static final int VERSION = 1;
  private static final int LARGEST = 64 << 20;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @param size in bytes
   * @param sha256 of the content, in lower-case hexadecimal digits
   */
  public record FileRecord(long size, String sha256) {}

  public Manifest {
    parents = List.copyOf(parents);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  byte[] toJson() {
    ObjectNode json = CheckpointJson.object().put("version", VERSION).put("kind", kind);
    ArrayNode list = json.putArray("parents");
    parents.forEach(list::add);
    ObjectNode entries = json.putObject("files");
    files.forEach(
        (name, file) ->
            entries.putObject(name).put("size", file.size()).put("sha256", file.sha256()));
    return CheckpointJson.write(json);
  }

  static byte[] bytes(Path directory) {
    return CheckpointJson.bytes(directory.resolve(FILE), LARGEST);
  }

  static Manifest parse(Path directory, byte[] bytes) {
    JsonFields json = CheckpointJson.parse(directory.resolve(FILE).toString(), bytes);
    if (json.requireInt("version") != VERSION) {
      throw json.error("version", "must be " + VERSION + "; a newer kanana wrote this");
    }
    TreeMap<String, FileRecord> files = new TreeMap<>();
    JsonFields entries = json.requireObject("files");
    for (String name : entries.keys()) {
      files.put(name, file(entries, name));
    }
    List<String> parents = json.strings("parents");
    parents.forEach(parent -> checkDigest(json, "parents", parent));
    return new Manifest(json.requireString("kind"), parents, files);
  }

  private static FileRecord file(JsonFields entries, String name) {
    if (!PlainName.holds(name) || name.equals(FILE)) {
      throw entries.error(name, "must be the name of a file in this directory");
    }
    JsonFields entry = entries.requireObject(name);
    String sha256 = entry.requireString("sha256");
    checkDigest(entry, "sha256", sha256);
    long size = entry.requireWhole("size");
    if (size < 0) {
      throw entry.error("size", "must not be negative, got " + size);
    }
    return new FileRecord(size, sha256);
  }

  private static void checkDigest(JsonFields json, String key, String digest) {
    if (!SHA256.matcher(digest).matches()) {
      throw json.error(key, "must be 64 hexadecimal digits, got " + Quoted.of(digest));
    }
  }

  /** The error for a file that is not as the manifest says. */
  static CheckpointException mismatch(Path file, String what, Object found, Object expected) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: has %s %s, but the manifest says %s; the file was changed or damaged after it was written",
            file,
            what,
            found,
            expected));
  }
}
