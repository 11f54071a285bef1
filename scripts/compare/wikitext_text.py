"""Agreement of two extractions of a dump of MediaWiki: wikitext_text.py DUMP KEPT THEIRS [made].

KEPT are the documents that kanana kept of it, THEIRS what wikiextractor wrote as JSON lines. With "made" the dump is that of
wikitext_pages.py, and both are compared with what a reader reads of it.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

from extract_pages import f1, kept, words
from wikitext_pages import PAGES

FORMULA = re.compile(r"<(?:math|ce|chem)[^<>/]*>(.*?)</(?:math|ce|chem)>", re.S)
HEADING = re.compile(r"^(={2,6})\s*(.+?)\s*\1\s*$", re.M)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def pages(dump):
    for _, element in ElementTree.iterparse(dump):
        if element.tag.endswith("}page"):
            find = lambda name: element.findtext(".//{*}" + name) or ""
            if find("ns") == "0" and element.find("{*}redirect") is None:
                yield find("id"), find("title"), find("text")
            element.clear()


def theirs(directory):
    found = {}
    for file in sorted(pathlib.Path(directory).rglob("wiki_*")):
        for line in file.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            found[str(page["id"])] = page["text"]
    return found


def share(wanted, text):
    return sum(piece in text for piece in wanted), len(wanted)


def row(number, title, source, own, other, truth):
    formulas = [squeezed(formula) for formula in FORMULA.findall(source)]
    headings = [re.sub(r"'{2,}|\[\[(?:[^|\]]*\|)?|\]\]", "", heading[1]) for heading in HEADING.findall(source)]
    row = {"page": title, "kanana": sum(words(own).values()), "wikiextractor": sum(words(other).values())}
    row["f1"] = f1(words(own), words(other))
    if truth:
        row["f1_kanana"], row["f1_wikiextractor"] = f1(words(own), words(truth)), f1(words(other), words(truth))
        plain = words(re.sub(r"\$[^$]*\$", " ", truth))
        for name, text in (("kanana", own), ("wikiextractor", other)):
            row["f1_without_formulas_" + name] = f1(words(re.sub(r"\$[^$]*\$", " ", text)), plain)
        headings = [line[2:] for line in truth.splitlines() if line.startswith("# ")]
    for name, text in (("kanana", own), ("wikiextractor", other)):
        lines = {line.strip("#. ") for line in text.splitlines()}
        row["formulas_" + name] = share(formulas, squeezed(text))
        row["headings_" + name] = share(headings, lines)
    return row


def main(dump, directory, other, made=None):
    ours, found = kept(directory), theirs(other)
    truths = {title: truth for title, _, truth in PAGES} if made else {}
    rows = []
    for number, title, source in pages(dump):
        own = ours.get(f"{pathlib.Path(dump).name}:{number}", "")
        rows.append(row(number, title, source, own, found.get(number, ""), truths.get(title)))
        print(json.dumps(rows[-1], ensure_ascii=False))
    for key in [key for key in rows[0] if key.startswith("f1")]:
        values = [row[key] for row in rows]
        print(f"{key}: {sum(values) / len(values):.3f} on {len(values)} pages")
    for key in [key for key in rows[0] if key.startswith(("formulas", "headings"))]:
        print(f"{key}: {sum(row[key][0] for row in rows)} of {sum(row[key][1] for row in rows)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
