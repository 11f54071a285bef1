"""Loads a model with a LoRA adapter in PEFT and compares logits.

    python scripts/compare/peft_logits.py make CHECKPOINT ADAPTER
    python scripts/compare/peft_logits.py compare CHECKPOINT ADAPTER FILE

`make` writes a random adapter for all projections. `compare` wants the logits of the merged model in FILE, which `kanana logits` wrote: `ids` [T]
and `logits` [T, V].
"""

import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LARGEST_DIFFERENCE = 5e-4


def load(checkpoint):
    return AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32)


def make(checkpoint, adapter):
    torch.manual_seed(7)
    config = LoraConfig(r=8, lora_alpha=16, target_modules=TARGETS, task_type="CAUSAL_LM")
    model = get_peft_model(load(checkpoint), config)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:  # zero at first, and the adapter would do nothing
            torch.nn.init.normal_(parameter, std=0.02)
    model.save_pretrained(adapter)


def compare(checkpoint, adapter, file):
    ours = load_file(file)
    model = PeftModel.from_pretrained(load(checkpoint), adapter)
    ids = ours["ids"].long().unsqueeze(0)
    with torch.no_grad():
        adapted = model(ids).logits[0]
        with model.disable_adapter():
            without = model(ids).logits[0]
    moved = (adapted - without).abs().max().item()
    difference = (adapted - ours["logits"]).abs().max().item()
    numbers = sum(p.numel() for name, p in model.named_parameters() if "lora_" in name)
    print(f"PEFT read an adapter of {numbers:,} numbers, which moves a logit by up to {moved:.2f}")
    print(f"largest difference of a logit: {difference:.2e} (largest logit {adapted.abs().max():.2f})")
    if moved < 100 * LARGEST_DIFFERENCE:
        sys.exit("the adapter does too little to tell")
    if difference > LARGEST_DIFFERENCE:
        sys.exit(f"more than {LARGEST_DIFFERENCE}: not the same model")


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
