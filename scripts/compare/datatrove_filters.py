"""Times datatrove's filters one by one on one core, with the tokenizer that it assigns to the language.

    python scripts/compare/datatrove_filters.py FILE en|ko LIMIT

As `kanana bench filters`: of the first 2 LIMIT documents every second one is timed. Prints a line of JSON for each filter,
named as kanana's step is.
"""

import gzip
import io
import json
import os
import sys
import time

import zstandard
from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter

WARM_UP = 20
KOREAN = "kor_Hang"


def texts(path, count):
    found = []
    with open(path, "rb") as raw:
        data = zstandard.ZstdDecompressor().stream_reader(raw) if path.endswith("zst") else gzip.open(raw)
        for line in io.TextIOWrapper(data, encoding="utf-8"):
            text = json.loads(line)["text"]
            if text.strip():
                found.append(text)
            if len(found) == count:
                break
    return found


def filters(language):
    """English as every filter's default; Korean with the values of FineWeb-2."""
    if language == "en":
        return {
            "gopher-repetition": GopherRepetitionFilter(),
            "gopher-quality": GopherQualityFilter(),
            "c4": C4QualityFilter(),
            "fineweb-quality": FineWebQualityFilter(),
        }
    stop_words = "의 다 이 는 에 을 한 년 하 은 를 했 고 에서 가 있 으로 인 월 로 되".split()
    return {
        "korean-gopher-repetition": GopherRepetitionFilter(
            language=KOREAN, dup_line_frac=0.374, dup_para_frac=0, dup_line_char_frac=0, dup_para_char_frac=0,
            top_n_grams=((2, 0.282), (3, 0.228), (4, 0.185)),
            dup_n_grams=((5, 0.201), (6, 0.184), (7, 0.168), (8, 0.154), (9, 0.14), (10, 0.127))),
        "korean-gopher-quality": GopherQualityFilter(
            language=KOREAN, min_avg_word_length=1, max_avg_word_length=6, max_non_alpha_words_ratio=0.791,
            stop_words=stop_words),
        "korean-c4": C4QualityFilter(language=KOREAN),
        "korean-fineweb-quality": FineWebQualityFilter(
            language=KOREAN, line_punct_thr=0.062, short_line_thr=999, char_duplicates_ratio=0.1, new_line_ratio=0.196),
    }


def main(path, language, limit):
    every = texts(path, 2 * limit)
    warm_up, timed = every[0::2][:WARM_UP], every[1::2]
    size = sum(len(text.encode()) for text in timed)
    for name, step in filters(language).items():
        for text in warm_up:
            step.filter(Document(text=text, id="warm-up"))
        documents = [Document(text=text, id="timed") for text in timed]
        begun = time.perf_counter()
        kept = sum(step.filter(document) is True for document in documents)
        seconds = time.perf_counter() - begun
        print(json.dumps({
            "program": "datatrove", "file": os.path.basename(path), "step": name, "documents": len(timed), "bytes": size,
            "kept": kept, "documentsPerSecond": round(len(timed) / seconds, 1),
            "megabytesPerSecond": round(size / seconds / 1e6, 3),
        }), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
