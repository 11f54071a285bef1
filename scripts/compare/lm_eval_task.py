"""Runs one task of lm-evaluation-harness with PyTorch on the processor and prints what it was, as a line of JSON.

Timed is what kanana counts as well: prompts, requests and scores, without reading the model and the data.
"""

import argparse
import json
import os
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--files", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--task", required=True)
    parser.add_argument("--limit", default="all")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    return parser.parse_args()


class Counter:
    """Counts requests on their way to the model."""

    def __init__(self, model):
        self.requests = 0
        for kind in ("loglikelihood", "loglikelihood_rolling", "generate_until"):
            setattr(model, kind, self.counted(getattr(model, kind)))

    def counted(self, ask):
        def counting(requests, *args, **kwargs):
            self.requests += len(requests)
            return ask(requests, *args, **kwargs)
        return counting


def main():
    args = arguments()
    import torch
    from lm_eval import evaluator
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    torch.set_num_threads(args.threads)
    model = HFLM(pretrained=args.model, dtype={"f32": "float32", "bf16": "bfloat16"}[args.precision], batch_size=args.batch, device="cpu")
    counter = Counter(model)
    os.chdir(args.data)
    tasks = TaskManager(include_path=args.files).load([args.task])
    begin = time.perf_counter()
    results = evaluator.evaluate(
        lm=model, task_dict=tasks, limit=None if args.limit == "all" else int(args.limit), bootstrap_iters=0, log_samples=False)
    seconds = time.perf_counter() - begin
    figures = results["results"][args.task]
    print(json.dumps({
        "program": f"lm-eval, PyTorch {torch.__version__}",
        "task": args.task,
        "precision": args.precision,
        "requests": counter.requests,
        "seconds": seconds,
        "requestsPerSecond": counter.requests / seconds,
        "figures": {key: value for key, value in figures.items()
                    if "," in key and "_stderr" not in key and isinstance(value, (int, float))},
    }))


main()
