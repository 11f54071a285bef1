"""Prints what a run of kanana was, as a line of JSON: evaluate_report.py NAME TASK PRECISION RESULTS_DIRECTORY"""

import json
import pathlib
import sys


def main():
    name, task, precision, directory = sys.argv[1:]
    directory = pathlib.Path(directory)
    results = json.loads((directory / "results.json").read_text())
    requests = tokens = 0
    with open(directory / "samples.jsonl", encoding="utf-8") as samples:
        for line in samples:
            answers = json.loads(line)["answers"]
            requests += len(answers)
            tokens += sum(answer["tokens"] for answer in answers if "text" in answer)
    seconds = results["compute"]["seconds"]
    print(json.dumps({
        "program": name,
        "task": task,
        "precision": precision,
        "requests": requests,
        "seconds": seconds,
        "requestsPerSecond": requests / seconds,
        "generatedTokens": tokens,
        "figures": {key: figure["value"] for key, figure in results["tasks"][task]["figures"].items()},
    }))


main()
