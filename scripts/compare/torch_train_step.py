"""Times one training step of a Llama decoder in PyTorch at its best on a CPU: SDPA, fused AdamW, clipping.

Prints one line of JSON: tokens per second (median over the steps after the warm-up) and peak resident memory.
"""

import argparse
import json
import os
import resource
import statistics
import time

# Idle OpenMP threads that spin slow the other ones down on few cores; must be set before torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

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

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, self.cos, self.sin)
        logits = self.head(self.norm(x))
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


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

    seconds = []
    for _ in range(args.warm_up + args.steps):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bf16"):
            loss = forward(tokens[:, :-1], tokens[:, 1:])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        loss.item()
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds[args.warm_up:])
    print(json.dumps({
        "program": f"torch {torch.__version__}" + (" compiled" if args.compile else " eager"),
        "shape": args.shape,
        "precision": args.precision,
        "threads": args.threads,
        "tokensPerSecond": round(batch * context / median, 1),
        "peakMemoryMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "loss": round(loss.item(), 4),
    }))


if __name__ == "__main__":
    main()
