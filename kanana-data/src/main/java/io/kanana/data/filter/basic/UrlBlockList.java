package io.kanana.data.filter.basic;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.Document;
import io.kanana.data.document.WebAddress;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Drops documents by their address: {@code blocked-domain}, with the listed domain that the host is
 * or lies below, and {@code blocked-url}. Documents without an address are kept.
 */
public final class UrlBlockList implements DataFilter {
  /**
   * @param field the metadata with the address
   * @param domains a host is blocked with everything below it
   * @param files lists of one domain or address a line; an entry with a slash after its host is an
   *     address; blank lines and those that begin with # are passed over
   */
  public record Config(String field, List<String> domains, List<Path> files)
      implements CascadeStep.Config {
    @Override
    public UrlBlockList create() {
      return new UrlBlockList(this);
    }
  }

  private final String field;
  private final Set<String> domains = new HashSet<>();
  private final Set<String> addresses = new HashSet<>();

  /**
   * @throws DataException if a file cannot be read
   */
  public UrlBlockList(Config config) {
    this.field = config.field();
    config.domains().forEach(this::add);
    config.files().forEach(this::read);
  }

  private void read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      lines
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(this::add);
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    }
  }

  private static DataException unreadable(Path file, IOException e) {
    return new DataException(
        file + ": cannot be read as a block list (" + Reason.of(e) + "); mend or remove it", e);
  }

  private void add(String entry) {
    String address = withoutScheme(entry);
    if (address.contains("/")) {
      addresses.add(address);
    } else {
      domains.add(address.toLowerCase(Locale.ROOT));
    }
  }

  /** Without a slash at the end either: http://a.org/ is a.org. */
  private static String withoutScheme(String url) {
    int start = url.indexOf("://");
    String rest = start < 0 ? url : url.substring(start + 3);
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    return host.toLowerCase(Locale.ROOT) + (path.equals("/") ? "" : path);
  }

  @Override
  public Verdict judge(Document document) {
    if (!(document.metadata().get(field) instanceof String url)) {
      return Verdict.keep(document);
    }
    for (String host = WebAddress.host(url); !host.isEmpty(); host = parent(host)) {
      if (domains.contains(host)) {
        return Verdict.drop("blocked-domain", host);
      }
    }
    String address = withoutScheme(url);
    return addresses.contains(address)
        ? Verdict.drop("blocked-url", address)
        : Verdict.keep(document);
  }

  private static String parent(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? "" : host.substring(dot + 1);
  }
}
