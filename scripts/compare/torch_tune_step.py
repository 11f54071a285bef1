"""Times one step of fine-tuning or of DPO of transformers' Llama on a CPU, on the batch that `kanana bench train --data FILE` wrote.

    scripts/compare/torch_at_its_best python scripts/compare/torch_tune_step.py --data FILE --shape 13m --precision bf16 --rows packed

`--rows packed`: the rows as kanana has them, with a mask between documents; `--rows padded`: a row for each document, as long as the longest, as TRL's
collators make them. Targets are the same tokens. SFT is the model's own loss with labels of -100, DPO TRL's sigmoid loss with reference log-probabilities that are there
already. SDPA, fused AdamW, clipping. Prints one line of JSON; tokens are those of documents, without padding. Linux.
"""

import argparse
import json
import os
import statistics

import torch
import torch.nn.functional as F
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

from torch_train_step import (
    SHAPES, gpu_libraries_kilobytes, matrix_parameters, peak_resident_megabytes, program, time_steps)

IGNORED = -100
BETA = 0.1


class Document:
    """A prompt with an answer: where it stands in the packed rows, its ids, and the index of its answer's first token."""

    def __init__(self, row, start, ids, answered):
        self.row, self.start, self.ids, self.answered = row, start, ids, answered


def documents(batch):
    """The documents of the packed rows. Padding is a document of a single position without target."""
    context, found = batch["contextLength"], []
    for row in range(batch["rows"]):
        at = slice(row * context, (row + 1) * context)
        tokens, targets, starts = batch["tokens"][at], batch["targets"][at], batch["documentStarts"][at]
        for start in sorted(set(starts)):
            positions = [t for t in range(start, context) if starts[t] == start]
            predicting = [t for t in positions if targets[t] != batch["ignored"]]
            if predicting:
                found.append(Document(row, start, [tokens[t] for t in positions], predicting[0] + 1 - start))
    return found


class Packed:
    """The rows as they are, with a mask [B, 1, T, T] that keeps documents apart."""

    def __init__(self, batch, docs):
        shape = (batch["rows"], batch["contextLength"])
        starts = torch.tensor(batch["documentStarts"]).view(shape)
        positions = torch.arange(shape[1])
        same = starts[:, :, None] == starts[:, None, :]
        causal = positions[:, None] >= positions[None, :]
        self.ids = torch.tensor(batch["tokens"]).view(shape)
        self.inputs = {
            "input_ids": self.ids,
            "attention_mask": (same & causal)[:, None],
            "position_ids": positions[None, :] - starts,
        }
        self.document = torch.full(shape, -1)
        for index, doc in enumerate(docs):
            self.document[doc.row, doc.start + doc.answered:doc.start + len(doc.ids)] = index


class Padded:
    """A row for each document, padded to the longest on the right."""

    def __init__(self, batch, docs):
        longest = max(len(doc.ids) for doc in docs)
        self.ids = torch.zeros((len(docs), longest), dtype=torch.long)
        mask = torch.zeros_like(self.ids)
        self.document = torch.full(self.ids.shape, -1)
        for index, doc in enumerate(docs):
            self.ids[index, :len(doc.ids)] = torch.tensor(doc.ids)
            mask[index, :len(doc.ids)] = 1
            self.document[index, doc.answered:len(doc.ids)] = index
        self.inputs = {"input_ids": self.ids, "attention_mask": mask}


def sft(model, rows, docs):
    labels = torch.where(rows.document >= 0, rows.ids, IGNORED)
    return lambda: model(**rows.inputs, labels=labels, use_cache=False).loss


def dpo(model, rows, docs):
    """Documents are chosen and rejected in turn."""
    answered = (rows.document >= 0)[:, 1:]
    document = rows.document[:, 1:][answered]
    targets = rows.ids[:, 1:]

    def sums():
        logits = model(**rows.inputs, use_cache=False).logits[:, :-1]
        chosen = logits.gather(-1, targets[..., None]).squeeze(-1)
        logs = chosen - torch.stack([torch.logsumexp(row, dim=-1) for row in logits])  # TRL's selective_log_softmax
        return torch.zeros(len(docs)).index_add(0, document, logs[answered].float())

    with torch.no_grad():
        reference = sums()

    def loss():
        ratios = sums() - reference
        return -F.logsigmoid(BETA * (ratios[0::2] - ratios[1::2])).mean()

    return loss


def make(shape):
    layers, hidden, heads, kv_heads, head_dim, ffn, vocabulary, _, context, tied = SHAPES[shape]
    return LlamaForCausalLM._from_config(LlamaConfig(
        num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads, num_key_value_heads=kv_heads, head_dim=head_dim,
        intermediate_size=ffn, vocab_size=vocabulary, max_position_embeddings=context, tie_word_embeddings=tied,
        rms_norm_eps=1e-5, rope_parameters={"rope_type": "default", "rope_theta": 500000.0}, initializer_range=0.02,
        bos_token_id=None, eos_token_id=None), attn_implementation="sdpa")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--shape", choices=SHAPES, required=True)
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    parser.add_argument("--rows", choices=("packed", "padded"), default="packed")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=3)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    with open(args.data) as file:
        batch = json.load(file)
    docs = documents(batch)
    rows = (Packed if args.rows == "packed" else Padded)(batch, docs)
    model = make(args.shape)
    forward = torch.compile(model) if args.compile else model
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    cast = torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bf16")
    with cast:
        loss_of = {"sft": sft, "dpo": dpo}[batch["objective"]](forward, rows, docs)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with cast:
            loss = loss_of()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    first = step()
    seconds, _ = time_steps(step, args.warm_up, args.steps)
    median = statistics.median(seconds)
    tokens = sum(len(doc.ids) for doc in docs)
    print(json.dumps({
        "program": f"{program(args.compile)}, {args.rows}",
        "tuning": os.environ.get("KANANA_TORCH_TUNING", "none"),
        "objective": batch["objective"],
        "shape": args.shape,
        "parameters": matrix_parameters(model),
        "precision": args.precision,
        "threads": args.threads,
        "steps": args.steps,
        "documents": len(docs),
        "documentTokens": tokens,
        "targets": int((rows.document >= 0).sum()),
        "positions": rows.ids.numel(),
        "documentTokensPerSecond": round(tokens / median, 1),
        "secondsPerStep": round(median, 6),
        "peakMemoryMB": peak_resident_megabytes(),
        "gpuLibrariesMB": gpu_libraries_kilobytes() // 1024,
        "firstLoss": round(first, 4),
    }))


if __name__ == "__main__":
    main()
