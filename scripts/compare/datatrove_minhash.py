"""MinHash by datatrove: signatures, and clusters of them (its stages 2 and 3), in one process.

    python scripts/compare/datatrove_minhash.py PRESET ROUNDS FILE...

Prints a line of JSON. Words are split at spaces, in memory, so that no tokeniser of a language is timed; kanana does the same.
Signatures are timed without the files that stage 1 writes, clusters with the files that stages 2 and 3 read and write.
"""

import contextlib
import gzip
import json
import os
import shutil
import statistics
import sys
import tempfile
import time

os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")

import datatrove.pipeline.dedup.minhash as minhash
from datatrove.data import Document
from datatrove.utils.hashing import HashConfig
from datatrove.utils.logging import logger

HASHES = {"fineweb": "sha1", "fineweb-2": "xxhash"}


class Spaces:
    """Words are what stands between spaces."""

    def word_tokenize(self, text):
        return text.split(" ") if text else []


def texts(path):
    if path.endswith(".zst"):
        import zstandard

        lines = zstandard.open(path, "rt", encoding="utf-8")
    else:
        lines = (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8")
    with lines:
        for line in lines:
            yield json.loads(line)["text"]


def signatures(step, documents):
    begun = time.perf_counter()
    for text in documents:
        shingles = step.get_shingles(text)
        if shingles.size:
            step.get_signature(shingles)
    return time.perf_counter() - begun


def clusters(config, signed, folder):
    shutil.rmtree(folder, ignore_errors=True)
    begun = time.perf_counter()
    for bucket in range(config.num_buckets):
        minhash.MinhashDedupBuckets(signed, f"{folder}/pairs", config=config).run(None, bucket, config.num_buckets)
    cluster = minhash.MinhashDedupCluster(
        f"{folder}/pairs", f"{folder}/remove", config=config, save_cluster_id=True, save_cluster_size=True
    )
    cluster.run(None, 0, 1)
    return time.perf_counter() - begun


def main(preset, rounds, files):
    logger.remove()
    minhash.load_word_tokenizer = lambda language: Spaces()
    minhash.tqdm = lambda iterable, **ignored: iterable
    documents = [text for path in files for text in texts(path)]
    config = minhash.MinhashConfig(hash_config=HashConfig(precision=64, hash_fc=HASHES[preset]))
    with tempfile.TemporaryDirectory() as folder:
        step = minhash.MinhashDedupSignature(f"{folder}/signed", config=config)
        seconds = statistics.median(signatures(step, documents) for _ in range(rounds))
        step.run([Document(text=text, id=str(i)) for i, text in enumerate(documents)])
        cluster_seconds = statistics.median(
            clusters(config, f"{folder}/signed", f"{folder}/clusters") for _ in range(rounds)
        )
        dropped = 0
        with contextlib.suppress(FileNotFoundError):
            dropped = os.path.getsize(f"{folder}/clusters/remove/000000.remove") // 4
    size = sum(len(text.encode()) for text in documents)
    print(json.dumps({
        "program": "datatrove",
        "preset": preset,
        "threads": 1,
        "documents": len(documents),
        "documentsPerSecond": round(len(documents) / seconds, 1),
        "megabytesPerSecond": round(size / seconds / 1e6, 3),
        "clusterSeconds": round(cluster_seconds, 6),
        "dropped": dropped,
    }))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
