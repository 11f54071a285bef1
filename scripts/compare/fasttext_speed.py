"""Trains and predicts with fastText as `kanana bench classifier` does, in one thread.

    python scripts/compare/fasttext_speed.py lines RECORDS FILE
    python scripts/compare/fasttext_speed.py run CASE TRAIN TEST OPTIONS

The first makes a file for both programs of JSON lines with "text" and "label". The second prints a line of JSON.
"""

import argparse
import gzip
import json
import statistics
import sys
import time


def lines(records, target):
    opened = gzip.open(records, "rt") if records.endswith(".gz") else open(records)
    with opened as source, open(target, "w") as out:
        for line in source:
            record = json.loads(line)
            text = " ".join(record["text"].split())
            out.write(f"__label__{record['label']} {text}\n")


def arguments(given):
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning-rate", type=float)
    for name in ("dimensions", "epochs", "word-ngrams", "min-subword", "max-subword", "buckets", "min-count"):
        parser.add_argument("--" + name, type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=10)
    return parser.parse_args(given)


def quality(actual, predicted):
    """Accuracy, and the mean of the labels' F1."""
    f1 = []
    for label in sorted(set(actual) | set(predicted)):
        right = sum(a == p == label for a, p in zip(actual, predicted))
        f1.append(2 * right / (actual.count(label) + predicted.count(label)))
    return sum(a == p for a, p in zip(actual, predicted)) / len(actual), sum(f1) / len(f1)


def run(case, train, test, options):
    import fasttext

    with open(test) as source:
        pairs = [line.rstrip("\n").split(" ", 1) for line in source]
    actual = [label for label, _ in pairs]
    texts = [text for _, text in pairs]
    seconds, rates = [], []
    for _ in range(options.rounds):
        start = time.perf_counter()
        model = fasttext.train_supervised(
            train, lr=options.learning_rate, dim=options.dimensions, epoch=options.epochs,
            wordNgrams=options.word_ngrams, minn=options.min_subword, maxn=options.max_subword,
            bucket=options.buckets, minCount=options.min_count, loss="softmax", thread=1, verbose=0)
        seconds.append(time.perf_counter() - start)
        start = time.perf_counter()
        for _ in range(options.repeat):
            found, _ = model.predict(texts)
        rates.append(options.repeat * len(texts) / (time.perf_counter() - start))
    accuracy, f1 = quality(actual, [labels[0] for labels in found])
    print(json.dumps({
        "case": case, "program": "fastText", "trainSeconds": round(statistics.median(seconds), 4),
        "firstTrainSeconds": round(seconds[0], 4), "linesPerSecond": round(statistics.median(rates), 1),
        "accuracy": round(accuracy, 5), "macroF1": round(f1, 5)}))


if __name__ == "__main__":
    if sys.argv[1] == "lines":
        lines(*sys.argv[2:4])
    else:
        run(*sys.argv[2:5], arguments(sys.argv[5:]))
