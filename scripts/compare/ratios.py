"""Prints the table of a comparison in Markdown: medians over the rounds, and kanana divided by every other program.

    python scripts/compare/ratios.py train|tune|generate|tokenizer|minhash|classifier|filters|evaluate RESULTS

RESULTS has a line of JSON for each run. The share of the peak is of the one that kanana measured around its own runs.
"""

import json
import statistics
import sys

PEAKS = {"f32": "f32GigaFlopsPerSecond", "bf16": "bf16GigaFlopsPerSecond"}
OURS = "kanana"


def rows(path, keys):
    """The runs of each program on each case, in the order in which they came."""
    found = {}
    with open(path) as lines:
        for line in lines:
            report = json.loads(line)
            case = tuple(report[key] for key in keys)
            found.setdefault(case, {}).setdefault(report["program"], []).append(report)
    return found


def median(reports, key):
    values = [report[key] for report in reports if report.get(key) is not None]
    return statistics.median(values) if values else None


def peak(reports, key):
    """The highest that was measured: what disturbs a machine only lowers it."""
    values = [report[side][key] for report in reports for side in ("peakBefore", "peakAfter") if side in report]
    return max(values, default=None)


def ours(programs):
    """The runs of kanana, or none where it was left out."""
    return next((reports for program, reports in programs.items() if program.startswith(OURS)), [])


def ratio(mine, other, key):
    mine, other = median(mine, key), median(other, key)
    return f"{mine / other:.2f}" if mine and other else "-"


def number(value, form=",.0f"):
    return "-" if value is None else format(value, form)


def table(head, lines):
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join("---" for _ in head) + "|")
    for line in lines:
        print("| " + " | ".join(line) + " |")


def train(path):
    lines = []
    for (shape, precision), programs in rows(path, ("shape", "precision")).items():
        mine = ours(programs)
        machine = peak(mine, PEAKS[precision])
        for program, reports in programs.items():
            speed = median(reports, "gigaFlopsPerSecond")
            lines.append([
                shape,
                precision,
                program,
                number(median(reports, "tokensPerSecond")),
                number(speed),
                number(machine and speed / machine, ".0%"),
                number(median(reports, "peakMemoryMB")),
                ratio(mine, reports, "tokensPerSecond"),
                ratio(mine, reports, "peakMemoryMB"),
            ])
    table(["shape", "precision", "program", "tokens/s", "GFLOP/s", "of peak", "memory, MB",
           "kanana / this: speed", "memory"], lines)


def tune(path):
    """Tokens are those of documents: padding is no work done."""
    lines = []
    for (objective, shape, precision), programs in rows(path, ("objective", "shape", "precision")).items():
        mine = ours(programs)
        for program, reports in programs.items():
            lines.append([
                objective,
                shape,
                precision,
                program,
                number(median(reports, "secondsPerStep"), ",.3f"),
                number(median(reports, "documentTokensPerSecond")),
                number(median(reports, "peakMemoryMB")),
                ratio(mine, reports, "documentTokensPerSecond"),
                ratio(mine, reports, "peakMemoryMB"),
            ])
    table(["objective", "shape", "precision", "program", "seconds a step", "tokens/s", "memory, MB",
           "kanana / this: speed", "memory"], lines)


def generate(path):
    lines = []
    for (precision, batch), programs in rows(path, ("precision", "batch")).items():
        mine = ours(programs)
        for program, reports in programs.items():
            lines.append([
                precision,
                str(batch),
                program,
                number(median(reports, "promptTokensPerSecond")),
                number(median(reports, "tokensPerSecond"), ",.1f"),
                number(median(reports, "peakMemoryMB")),
                ratio(mine, reports, "promptTokensPerSecond"),
                ratio(mine, reports, "tokensPerSecond"),
                ratio(mine, reports, "peakMemoryMB"),
            ])
    table(["precision", "sequences", "program", "prompt, tokens/s", "generation, tokens/s", "memory, MB",
           "kanana / this: prompt", "generation", "memory"], lines)


def tokenizer(path):
    """What came out must be the same: where digests differ, the programs did not do the same work."""
    lines = []
    for (work, threads, size), programs in rows(path, ("work", "threads", "bytes")).items():
        mine = ours(programs)
        for program, reports in programs.items():
            digests = {report["digest"] for report in reports + mine if work != "load"}
            lines.append([
                work,
                str(threads),
                number(size / 1e6, ",.1f"),
                program,
                number(median(reports, "seconds"), ",.3f"),
                number(median(reports, "firstSeconds"), ",.3f"),
                number(median(reports, "megabytesPerSecond"), ",.1f"),
                number(median(reports, "peakMemoryMB")),
                ratio(mine, reports, "megabytesPerSecond"),
                "yes" if len(digests) < 2 else "NO",
            ])
    table(["work", "threads", "text, MB", "program", "seconds", "first", "MB/s", "memory, MB",
           "kanana / this: speed", "same result"], lines)


def minhash(path):
    lines = []
    for (preset, documents), programs in rows(path, ("preset", "documents")).items():
        mine = ours(programs)
        for program, reports in programs.items():
            lines.append([
                preset,
                program,
                number(documents),
                number(median(reports, "documentsPerSecond")),
                number(median(reports, "megabytesPerSecond"), ",.2f"),
                number(median(reports, "clusterSeconds"), ",.4f"),
                number(median(reports, "dropped")),
                ratio(mine, reports, "documentsPerSecond"),
                ratio(reports, mine, "clusterSeconds"),
            ])
    table(["preset", "program", "documents", "signatures/s", "MB/s", "clusters, s", "dropped",
           "kanana / this: signatures", "clusters"], lines)


def classifier(path):
    lines = []
    for (case,), programs in rows(path, ("case",)).items():
        mine = ours(programs)
        for program, reports in programs.items():
            lines.append([
                case,
                program,
                number(median(reports, "trainSeconds"), ",.2f"),
                number(median(reports, "firstTrainSeconds"), ",.2f"),
                number(median(reports, "linesPerSecond")),
                number(median(reports, "accuracy"), ".4f"),
                number(median(reports, "macroF1"), ".4f"),
                ratio(reports, mine, "trainSeconds"),
                ratio(reports, mine, "firstTrainSeconds"),
                ratio(mine, reports, "linesPerSecond"),
            ])
    table(["case", "program", "training, s", "the first, s", "prediction, lines/s", "accuracy", "mean F1",
           "kanana / this: training", "the first", "prediction"], lines)


def filters(path):
    lines = []
    for (file, step), programs in rows(path, ("file", "step")).items():
        mine = ours(programs)
        for program, reports in programs.items():
            lines.append([
                file,
                step,
                program,
                number(median(reports, "documentsPerSecond")),
                number(median(reports, "megabytesPerSecond"), ",.2f"),
                f"{median(reports, 'kept'):.0f} of {reports[0]['documents']}",
                ratio(mine, reports, "documentsPerSecond"),
            ])
    table(["file", "step", "program", "documents/s", "MB/s", "kept", "kanana / this"], lines)


def evaluate(path):
    """Figures must be those of kanana as it is: where they differ, the programs did not do the same work."""
    lines = []
    for (task, precision), programs in rows(path, ("task", "precision")).items():
        mine = ours(programs)
        for program, reports in programs.items():
            figures, own = reports[0]["figures"], mine[0]["figures"] if mine else {}
            differences = [abs(figures[key] - own[key]) for key in figures.keys() & own.keys()]
            lines.append([
                task,
                precision,
                program,
                number(median(reports, "requests")),
                number(median(reports, "seconds"), ",.1f"),
                number(median(reports, "requestsPerSecond"), ",.2f"),
                ratio(mine, reports, "requestsPerSecond"),
                number(max(differences, default=None), ".4f"),
            ])
    table(["task", "precision", "program", "requests", "seconds", "requests/s", "kanana / this",
           "largest difference of a figure"], lines)


if __name__ == "__main__":
    tables = {
        "train": train,
        "tune": tune,
        "generate": generate,
        "tokenizer": tokenizer,
        "minhash": minhash,
        "classifier": classifier,
        "filters": filters,
        "evaluate": evaluate,
    }
    tables[sys.argv[1]](sys.argv[2])
