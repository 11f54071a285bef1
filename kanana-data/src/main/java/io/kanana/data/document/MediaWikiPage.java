package io.kanana.data.document;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** One page element of a MediaWiki dump; of several revisions the last. */
record MediaWikiPage(
    String title, String id, int namespace, boolean redirect, String text, String timestamp) {

  private static final XMLInputFactory FACTORY = factory();

  /** A document is data: nothing that it names is opened, and it declares nothing. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  /** The page, or null where the element is not well-formed. */
  static MediaWikiPage parse(String element) {
    try {
      XMLStreamReader in = FACTORY.createXMLStreamReader(new StringReader(element));
      try {
        return read(in);
      } finally {
        in.close();
      }
    } catch (XMLStreamException e) {
      return null;
    }
  }

  private static MediaWikiPage read(XMLStreamReader in) throws XMLStreamException {
    Map<String, String> fields = new LinkedHashMap<>();
    boolean redirect = false;
    boolean revision = false;
    StringBuilder text = new StringBuilder();
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          String name = in.getLocalName();
          redirect |= name.equals("redirect");
          revision |= name.equals("revision");
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(in.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          put(fields, in.getLocalName(), revision, text.toString());
          text.setLength(0);
        }
        default -> {
          // comments and the like say nothing
        }
      }
    }
    return new MediaWikiPage(
        fields.getOrDefault("title", ""),
        fields.getOrDefault("id", ""),
        namespace(fields.getOrDefault("ns", "0")),
        redirect,
        fields.getOrDefault("text", ""),
        fields.getOrDefault("timestamp", ""));
  }

  /** A revision and its author have ids as well; the page's stands before them. */
  private static void put(
      Map<String, String> fields, String name, boolean revision, String content) {
    if (!name.equals("id") || !revision) {
      fields.put(name, content);
    }
  }

  private static int namespace(String number) {
    return number.strip().matches("-?\\d{1,9}") ? Integer.parseInt(number.strip()) : 0;
  }

  Document document(RecordPlace place) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("title", title);
    metadata.put("pageId", id);
    metadata.put("namespace", namespace);
    metadata.put("date", timestamp);
    return new Document(id.isEmpty() ? place.id() : place.id() + ":" + id, text, metadata);
  }
}
