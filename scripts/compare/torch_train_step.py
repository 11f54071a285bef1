"""Times one training step of a Llama decoder in PyTorch on a CPU: SDPA, fused AdamW, clipping, eager or torch.compile.

    scripts/compare/torch_at_its_best python scripts/compare/torch_train_step.py --shape 13m --precision bf16 --compile

torch_at_its_best sets the environment that makes it fastest; without it PyTorch runs as installed. Prints one line of JSON: tokens
per second (median over the steps after the warm-up), floating-point operations, peak resident memory. Linux.
"""

import argparse
import json
import os
import re
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

# layers, hidden, heads, kv heads, head dim, ffn, vocabulary, batch, context, tied
SHAPES = {
    "13m": (6, 384, 6, 6, 64, 1024, 4096, 8, 256, False),
    "50m": (8, 640, 10, 5, 64, 1728, 32000, 4, 512, True),
    "135m": (30, 576, 9, 3, 64, 1536, 49152, 1, 1024, True),
    "2b-2l": (2, 1792, 24, 8, 128, 8064, 32000, 1, 512, True),
}


class Layer(nn.Module):
    def __init__(self, hidden, heads, kv_heads, head_dim, ffn):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, head_dim
        self.norm1 = nn.RMSNorm(hidden, eps=1e-5)
        self.norm2 = nn.RMSNorm(hidden, eps=1e-5)
        self.qkv = nn.Linear(hidden, (heads + 2 * kv_heads) * head_dim, bias=False)
        self.out = nn.Linear(heads * head_dim, hidden, bias=False)
        self.gate_up = nn.Linear(hidden, 2 * ffn, bias=False)
        self.down = nn.Linear(ffn, hidden, bias=False)

    def forward(self, x, cos, sin):
        batch, time_, _ = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, time_, -1, self.head_dim).transpose(1, 2)
        q, k, v = qkv.split([self.heads, self.kv_heads, self.kv_heads], dim=1)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        attended = F.scaled_dot_product_attention(
            q, k, v, is_causal=True, enable_gqa=self.kv_heads != self.heads)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, time_, -1))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


def rotate(x, cos, sin):
    x1, x2 = x.chunk(2, dim=-1)
    return torch.cat((x1 * cos - x2 * sin, x2 * cos + x1 * sin), dim=-1)


class Decoder(nn.Module):
    def __init__(self, layers, hidden, heads, kv_heads, head_dim, ffn, vocabulary, context, tied):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.layers = nn.ModuleList(
            Layer(hidden, heads, kv_heads, head_dim, ffn) for _ in range(layers))
        self.norm = nn.RMSNorm(hidden, eps=1e-5)
        self.head = nn.Linear(hidden, vocabulary, bias=False)
        if tied:
            self.head.weight = self.embedding.weight
        angles = torch.outer(
            torch.arange(context).float(),
            1.0 / 500000 ** (torch.arange(0, head_dim, 2).float() / head_dim))
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())
        for weight in self.parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02)

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, self.cos, self.sin)
        logits = self.head(self.norm(x))
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


def flops(layers, heads, head_dim, parameters, batch, context):
    """Of one step: three products with two operations per weight and token, and causal attention."""
    return batch * context * (6 * parameters + 6 * layers * heads * head_dim * context)


def matrix_parameters(model):
    """All that take part in products: the head always, the embedding only where it is the head as well."""
    return sum(layer.weight.numel() for layer in model.modules() if isinstance(layer, nn.Linear))


def peak_resident_megabytes():
    """The most memory that was resident, less what the libraries for GPUs take, which the wheel for CPUs lacks."""
    with open("/proc/self/status") as status:
        peak = int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))
    return (peak - gpu_libraries_kilobytes()) // 1024


def gpu_libraries_kilobytes():
    kilobytes, of_gpu = 0, False
    with open("/proc/self/smaps") as mappings:
        for line in mappings:
            if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
                of_gpu = re.search(r"site-packages/nvidia/|/libtorch_cuda|/libc10_cuda|/triton/", line) is not None
            elif of_gpu and line.startswith("Rss:"):
                kilobytes += int(line.split()[1])
    return kilobytes


def program(compiled):
    as_installed = "" if os.environ.get("KANANA_TORCH_TUNING") not in (None, "none") else ", as installed"
    return f"torch {torch.__version__.split('+')[0]} {'compiled' if compiled else 'eager'}{as_installed}"


def time_steps(step, warm_up, steps):
    seconds = []
    for _ in range(warm_up + steps):
        start = time.perf_counter()
        loss = step()
        seconds.append(time.perf_counter() - start)
    return seconds[warm_up:], loss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, default="13m")
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=3)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    *model_shape, vocabulary, batch, context, tied = SHAPES[args.shape]
    model = Decoder(*model_shape, vocabulary, context, tied)
    forward = torch.compile(model) if args.compile else model
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    tokens = torch.randint(vocabulary, (batch, context + 1))

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bf16"):
            loss = forward(tokens[:, :-1], tokens[:, 1:])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    seconds, loss = time_steps(step, args.warm_up, args.steps)
    median = statistics.median(seconds)
    layers, _, heads, _, head_dim, _ = model_shape
    step_flops = flops(layers, heads, head_dim, matrix_parameters(model), batch, context)
    print(json.dumps({
        "program": program(args.compile),
        "tuning": os.environ.get("KANANA_TORCH_TUNING", "none"),
        "shape": args.shape,
        "parameters": sum(p.numel() for p in model.parameters()),
        "precision": args.precision,
        "threads": args.threads,
        "steps": args.steps,
        "tokensPerSecond": round(batch * context / median, 1),
        "secondsPerStep": round(median, 6),
        "flopsPerStep": step_flops,
        "gigaFlopsPerSecond": round(step_flops / median / 1e9, 1),
        "peakMemoryMB": peak_resident_megabytes(),
        "gpuLibrariesMB": gpu_libraries_kilobytes() // 1024,
        "loss": round(loss, 4),
    }))


if __name__ == "__main__":
    main()
