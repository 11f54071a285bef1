package io.kanana.data.filter.basic;

import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.Document;
import io.kanana.data.document.WebAddress;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import java.io.IOException;
import java.io.LineNumberReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops documents by their address: {@code blocked-domain}, with the listed domain that the host is
 * or lies below, and {@code blocked-url}. Documents without an address are kept.
 */
public final class UrlBlockList implements DataFilter {
  /**
   * @param field the metadata with the address
   * @param domains a host is blocked with everything below it
   * @param files lists of one domain or address a line; an entry with a slash after its host is an
   *     address; blank lines and those that begin with # are passed over. Schemes and ports make no
   *     difference, and an entry with a port is refused
   */
  public record Config(String field, List<String> domains, List<Path> files)
      implements CascadeStep.Config {
    public Config {
      for (String domain : domains) {
        String fault = fault(domain);
        Check.that(fault.isEmpty(), "domains", "\"%s\" %s", domain, fault);
      }
    }

    @Override
    public UrlBlockList create() {
      return new UrlBlockList(this);
    }
  }

  private final String field;
  private final Set<String> domains = new HashSet<>();
  private final Set<String> addresses = new HashSet<>();

  /**
   * @throws DataException if a file cannot be read, or has an entry that could block nothing
   */
  public UrlBlockList(Config config) {
    this.field = config.field();
    config.domains().forEach(this::add);
    config.files().forEach(this::read);
  }

  private void read(Path file) {
    try (LineNumberReader lines = new LineNumberReader(Files.newBufferedReader(file))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String entry = line.strip();
        if (!entry.isEmpty() && !entry.startsWith("#")) {
          addFrom(file, lines.getLineNumber(), entry);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be read as a block list (" + Reason.of(e) + "); mend or remove it", e);
    }
  }

  private void addFrom(Path file, int line, String entry) {
    String fault = fault(entry);
    if (!fault.isEmpty()) {
      throw new DataException(file + ": line " + line + ", \"" + entry + "\" " + fault);
    }
    add(entry);
  }

  /** Why an entry could never block what it seems to mean; empty where it can. */
  private static String fault(String entry) {
    WebAddress address = WebAddress.of(entry);
    if (entry.strip().chars().anyMatch(Character::isWhitespace)) {
      return "has white space within; write one domain or address a line";
    }
    if (!address.port().isEmpty()) {
      return "has a port; leave it out, all ports of a host are blocked";
    }
    return address.host().isEmpty() ? "names no host; write a domain or an address" : "";
  }

  private void add(String entry) {
    WebAddress address = WebAddress.of(entry);
    String whole = whole(address);
    (whole.equals(address.host()) ? domains : addresses).add(whole);
  }

  /** Without a slash at the end: http://a.org/ is a.org. */
  private static String whole(WebAddress address) {
    return address.host() + (address.rest().equals("/") ? "" : address.rest());
  }

  @Override
  public Verdict judge(Document document) {
    if (!(document.metadata().get(field) instanceof String url)) {
      return Verdict.keep(document);
    }
    WebAddress parts = WebAddress.of(url);
    for (String host = parts.host(); !host.isEmpty(); host = parent(host)) {
      if (domains.contains(host)) {
        return Verdict.drop("blocked-domain", host);
      }
    }
    String address = whole(parts);
    return addresses.contains(address)
        ? Verdict.drop("blocked-url", address)
        : Verdict.keep(document);
  }

  private static String parent(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? "" : host.substring(dot + 1);
  }
}
