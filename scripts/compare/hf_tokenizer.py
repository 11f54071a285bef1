"""Times Hugging Face tokenizers: training a byte-level BPE in Llama 3's layout, encoding documents, reading a tokenizer.json.

    python scripts/compare/hf_tokenizer.py train --threads 2 --vocabulary 16384 CORPUS...
    python scripts/compare/hf_tokenizer.py encode --threads 2 --tokenizer tokenizer.json CORPUS...
    python scripts/compare/hf_tokenizer.py load --tokenizer tokenizer.json

A corpus is JSON lines with the field `text`, plain, .gz or .zst. Prints one line of JSON with the median over the rounds after the
warm-up, and a digest of the ids or merges, by which the same work is told from other work.
"""

import argparse
import array
import gzip
import hashlib
import io
import json
import os
import resource
import statistics
import tempfile
import time

LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIALS = ["<|begin_of_text|>", "<|end_of_text|>"]


def lines(path):
    if path.endswith(".zst"):
        import zstandard
        with open(path, "rb") as file:
            yield from io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
    else:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            yield from file


def documents(paths):
    return [json.loads(line)["text"] for path in paths for line in lines(path)]


def timed(prepare, work, arguments):
    """The result of the last round and the seconds of each; results are freed outside the time that is taken."""
    seconds = []
    result = None
    for _ in range(arguments.warm_up + arguments.rounds):
        prepared = prepare()
        del result
        start = time.perf_counter()
        result = work(prepared)
        seconds.append(time.perf_counter() - start)
    return result, seconds


def loaded(path):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(path)
    tokenizer.encode_special_tokens = True
    return tokenizer


def load(arguments, texts):
    tokenizer, seconds = timed(lambda: arguments.tokenizer, loaded, arguments)
    return seconds, os.path.getsize(arguments.tokenizer), tokenizer.get_vocab_size(), ""


def encode(arguments, texts):
    """As kanana does: with a tokenizer that has seen no text before each round."""
    encodings, seconds = timed(
        lambda: loaded(arguments.tokenizer),
        lambda tokenizer: tokenizer.encode_batch_fast(texts, add_special_tokens=False),
        arguments)
    digest = hashlib.sha256()
    for encoding in encodings:
        digest.update(array.array("i", encoding.ids).tobytes())
    return seconds, size(texts), sum(len(encoding) for encoding in encodings), digest.hexdigest()


def trained(vocabulary, file):
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA_3), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=SPECIALS, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train([file], trainer)
    return tokenizer


def train(arguments, texts):
    """From a file, which is faster than from an iterator: no line passes through Python."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".txt") as file:
        for text in texts:
            file.write(text if text.endswith("\n") else text + "\n")
        file.flush()
        tokenizer, seconds = timed(
            lambda: file.name, lambda name: trained(arguments.vocabulary, name), arguments)
    if arguments.output:
        tokenizer.save(arguments.output)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    digest = hashlib.sha256("".join(f"{left} {right}\n" for left, right in merges).encode()).hexdigest()
    return seconds, size(texts), tokenizer.get_vocab_size(), digest


def size(texts):
    return sum(len(text.encode()) for text in texts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=("load", "encode", "train"))
    parser.add_argument("corpus", nargs="*")
    parser.add_argument("--tokenizer", help="the tokenizer.json to encode with")
    parser.add_argument("--vocabulary", type=int, default=16384)
    parser.add_argument("--output", help="where to keep the trained tokenizer.json")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--no-parallelism", action="store_true", help="TOKENIZERS_PARALLELISM=false: no pool of threads at all")
    parser.add_argument("--warm-up", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_intermixed_args()

    # read by the library's pool of threads when it starts
    os.environ["RAYON_NUM_THREADS"] = str(arguments.threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "false" if arguments.no_parallelism else "true"
    import tokenizers
    work = {"load": load, "encode": encode, "train": train}[arguments.work]
    seconds, bytes_, tokens, digest = work(arguments, documents(arguments.corpus))
    median = statistics.median(seconds[arguments.warm_up:])
    print(json.dumps({
        "program": f"tokenizers {tokenizers.__version__}",
        "work": arguments.work,
        "threads": arguments.threads,
        "seconds": round(median, 4),
        "firstSeconds": round(seconds[0], 4),
        "megabytesPerSecond": round(bytes_ / median / 1e6, 2),
        "bytes": bytes_,
        "tokens": tokens,
        "peakMemoryMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "digest": digest,
    }))


if __name__ == "__main__":
    main()
