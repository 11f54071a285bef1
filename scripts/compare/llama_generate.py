"""Times reading a prompt and generating tokens with llama.cpp, as `kanana bench generate` does with kanana.

    python scripts/compare/llama_generate.py --model FILE.gguf --precision bf16

Prompts are random tokens, the most probable token comes next, and none ends the text. Prints one line of JSON: tokens per second of
the prompts (median of the runs) and of the steps after them (median of all steps), peak resident memory. Linux.

Measured with SmolLM2-135M on 2 cores of a Zen 5, tokens/s of a prompt of 512 and of generation, F32 and then BF16:
  cache at F16, flash attention     1,180   72    1,799  110
  cache at F16, without it            857   93    1,502  114
  cache as the weights, with it     1,057   71      993  106
  cache as the weights, without it    773   89    1,587  108
So the cache is F16, llama.cpp's own default, and both kinds of attention are worth a run. Waiting actively, binding threads, Intel's
OpenMP and mapping the file change nothing beyond the noise; OMP_WAIT_POLICY=PASSIVE halves generation.
"""

import argparse
import json
import os
import random
import re
import statistics
import time

import llama_cpp as llama
import numpy

GGML_TYPE_BF16 = 30
CACHE_TYPES = {"f32": llama.GGML_TYPE_F32, "f16": llama.GGML_TYPE_F16, "bf16": GGML_TYPE_BF16}
FLASH = {"on": llama.LLAMA_FLASH_ATTN_TYPE_ENABLED, "off": llama.LLAMA_FLASH_ATTN_TYPE_DISABLED}


class Sequences:
    """A model and its cache for some sequences that go on together."""

    def __init__(self, args):
        llama.llama_backend_init()
        silent = llama.llama_log_callback(lambda level, text, data: None)
        llama.llama_log_set(silent, None)
        self.silent = silent
        model_params = llama.llama_model_default_params()
        model_params.use_mmap = args.mmap
        self.model = llama.llama_model_load_from_file(args.model.encode(), model_params)
        if not self.model:
            raise SystemExit(f"llama.cpp cannot read {args.model}")
        params = llama.llama_context_default_params()
        params.n_ctx = args.batch * (args.prompt + args.tokens)
        params.n_batch = params.n_ubatch = 512
        params.n_seq_max = args.batch
        params.n_threads = params.n_threads_batch = args.threads
        params.type_k = params.type_v = CACHE_TYPES[args.cache]
        params.flash_attn_type = FLASH[args.flash]
        params.kv_unified = False
        self.context = llama.llama_init_from_model(self.model, params)
        if not self.context:
            raise SystemExit("llama.cpp cannot make a context")
        self.vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(self.model))
        self.batch = llama.llama_batch_init(512, 0, 1)

    def clear(self):
        llama.llama_memory_clear(llama.llama_get_memory(self.context), False)

    def decode(self, entries):
        """Takes (token, position, sequence, whether its logits are wanted) and returns the most probable next tokens."""
        batch, wanted = self.batch, []
        for index, (token, position, sequence, logits) in enumerate(entries):
            batch.token[index] = token
            batch.pos[index] = position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = logits
            if logits:
                wanted.append(index)
        batch.n_tokens = len(entries)
        failed = llama.llama_decode(self.context, batch)
        if failed:
            raise SystemExit(f"llama_decode returned {failed}")
        return [self.most_probable(index) for index in wanted]

    def most_probable(self, index):
        logits = llama.llama_get_logits_ith(self.context, index)
        return int(numpy.ctypeslib.as_array(logits, (self.vocabulary,)).argmax())


def generate(sequences, prompt, args):
    """One run: the moments at which it started and at which each of the tokens was there, and the first sequence."""
    sequences.clear()
    marks = [time.perf_counter()]
    last = []
    for sequence in range(args.batch):
        for start in range(0, args.prompt, 512):
            end = min(start + 512, args.prompt)
            last += sequences.decode(
                [(prompt[i], i, sequence, i == args.prompt - 1) for i in range(start, end)])
    marks.append(time.perf_counter())
    text = [last[0]]
    for position in range(args.prompt, args.prompt + args.tokens - 1):
        last = sequences.decode([(token, position, sequence, True) for sequence, token in enumerate(last)])
        marks.append(time.perf_counter())
        text.append(last[0])
    return marks, text


def peak_resident_megabytes():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) // 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--precision", choices=("f32", "bf16"), required=True, help="of its weights")
    parser.add_argument("--cache", choices=CACHE_TYPES, default="f16", help="precision of the cache")
    parser.add_argument("--flash", choices=FLASH, default="on")
    parser.add_argument("--mmap", action="store_true", help="map the file instead of reading it")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()

    sequences = Sequences(args)
    generator = random.Random(1)
    prompt = [generator.randrange(sequences.vocabulary) for _ in range(args.prompt)]
    generate(sequences, prompt, args)
    prompts, steps = [], []
    for _ in range(args.runs):
        marks, text = generate(sequences, prompt, args)
        prompts.append(marks[1] - marks[0])
        steps += [after - before for before, after in zip(marks[1:], marks[2:])]
    print(json.dumps({
        "program": f"llama-cpp-python {llama.__version__}, flash attention {args.flash}",
        "precision": args.precision,
        "cache": args.cache,
        "flash": args.flash,
        "threads": args.threads,
        "prompt": args.prompt,
        "tokens": args.tokens,
        "batch": args.batch,
        "runs": args.runs,
        "promptTokensPerSecond": round(args.batch * args.prompt / statistics.median(prompts), 1),
        "tokensPerSecond": round(args.batch / statistics.median(steps), 2),
        "peakMemoryMB": peak_resident_megabytes(),
        "text": text[:8],
    }))


if __name__ == "__main__":
    main()
