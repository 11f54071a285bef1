"""Agreement of two extractions of the main text of pages: extract_pages.py PAGES KEPT.

PAGES is a directory of .html files, KEPT the documents that kanana kept of them. Both texts are taken as bags of words; where a page
has a file of the same name that ends in .txt, what should come out, both are compared with that as well.
"""

import collections
import io
import json
import pathlib
import re
import sys

import trafilatura
import zstandard


def words(text):
    return collections.Counter(re.findall(r"\w+", text or ""))


def f1(found, wanted):
    both = sum((found & wanted).values())
    if not both:
        return float(not found and not wanted)
    precision, recall = both / sum(found.values()), both / sum(wanted.values())
    return 2 * precision * recall / (precision + recall)


def kept(directory):
    texts = {}
    for file in sorted(pathlib.Path(directory).glob("*.jsonl.zst")):
        with file.open("rb") as raw:
            for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(raw), encoding="utf-8"):
                document = json.loads(line)
                texts[document["id"]] = document["text"]
    return texts


def main(pages, directory):
    ours = kept(directory)
    rows = []
    for page in sorted(pathlib.Path(pages).rglob("*.htm*")):
        theirs = words(trafilatura.extract(page.read_bytes(), include_comments=False))
        own = words(ours.get(page.name, ""))
        row = {"page": page.name, "kanana": sum(own.values()), "trafilatura": sum(theirs.values()), "f1": f1(own, theirs)}
        truth = page.with_suffix(".txt")
        if truth.exists():
            wanted = words(truth.read_text(encoding="utf-8"))
            row |= {"f1_kanana": f1(own, wanted), "f1_trafilatura": f1(theirs, wanted)}
        rows.append(row)
        print(json.dumps(row, ensure_ascii=False))
    for key in ("f1", "f1_kanana", "f1_trafilatura"):
        values = [row[key] for row in rows if key in row]
        if values:
            print(f"{key}: {sum(values) / len(values):.3f} on {len(values)} pages")


if __name__ == "__main__":
    main(*sys.argv[1:])
