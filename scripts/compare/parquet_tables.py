"""Parquet tables by pyarrow, and whether kanana reads and writes the same: see scripts/compare/parquet."""

import base64
import datetime
import decimal
import glob
import itertools
import json
import math
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3000
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


def rows():
    """Rows of Python values, and the same as JSON lines would have them; what is null is left out."""
    types = pa.schema([
        ("id", pa.string()), ("text", pa.string()), ("url", pa.large_string()), ("truth", pa.bool_()),
        ("i8", pa.int8()), ("i64", pa.int64()), ("u8", pa.uint8()), ("u64", pa.uint64()),
        ("f16", pa.float16()), ("f32", pa.float32()), ("f64", pa.float64()),
        ("cents", pa.decimal128(9, 2)), ("whole", pa.decimal128(30, 0)), ("day", pa.date32()),
        ("noon", pa.time64("us")), ("utc", pa.timestamp("ms", "UTC")), ("local", pa.timestamp("us")),
        ("bytes", pa.binary()), ("fixed", pa.binary(3)), ("nothing", pa.null()),
        ("tags", pa.list_(pa.string())), ("ids", pa.large_list(pa.int32())),
        ("map", pa.map_(pa.string(), pa.int64())),
        ("deep", pa.struct([("a", pa.list_(pa.struct([("x", pa.int64()), ("y", pa.list_(pa.float64()))]))), ("b", pa.string())])),
    ])
    table, expected = [], []
    for i in range(ROWS):
        day = datetime.date(1969, 1, 1) + datetime.timedelta(days=i * 7)
        moment = EPOCH + datetime.timedelta(milliseconds=i * 86_399_123 - 10**10)
        row = {
            "id": f"r{i}", "text": f"{i} 글 " + "가나다 abc " * (i % 50), "url": f"https://example.org/{i % 11}", "truth": i % 3 == 0,
            "i8": i % 256 - 128, "i64": i**5 - 10**15, "u8": i % 256, "u64": 2**64 - 1 - i,
            "f16": (i % 64) / 4, "f32": i / 8, "f64": math.nan if i % 97 == 5 else i / 7,
            "cents": decimal.Decimal(i * 37 - 5000) / 100, "whole": decimal.Decimal(10**25 + i), "day": day,
            "noon": datetime.time(i % 24, i % 60, i % 59, i * 331 % 1_000_000), "utc": moment, "local": moment.replace(tzinfo=None),
            "bytes": bytes([i % 256, 255]), "fixed": bytes([i % 256, 0, 1]), "nothing": None,
            "tags": ["t", None, "글"][: i % 4], "ids": list(range(i % 9)), "map": {f"k{j}": i * j for j in range(i % 3)},
            "deep": {"a": [{"x": j, "y": [j / 2] * (i % 3)} for j in range(i % 5)], "b": "b" * (i % 4)},
        }
        if i % 5 == 2 or 500 < i < 1500:
            for name in list(row)[2:]:
                row[name] = None
        table.append(row)
        expected.append({name: said(value) for name, value in row.items() if said(value) is not None})
    return pa.Table.from_pylist(table, types), expected


def said(value):
    """A value as JSON lines would have it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, decimal.Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, datetime.datetime):
        text = value.replace(tzinfo=None).isoformat()
        if "." in text and text.endswith("000"):
            text = text[:-3]
        return text + ("Z" if value.tzinfo else "")
    if isinstance(value, datetime.time):
        text = value.isoformat()
        return text.rstrip("0") if "." in text else text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return [said(each) for each in value]
    if isinstance(value, dict):
        return {name: said(each) for name, each in value.items() if said(each) is not None}
    return value


def make(directory):
    os.makedirs(directory)
    table, _ = rows()
    deltas = {"text": "DELTA_LENGTH_BYTE_ARRAY", "url": "DELTA_BYTE_ARRAY", "i64": "DELTA_BINARY_PACKED", "i8": "DELTA_BINARY_PACKED",
              "f64": "BYTE_STREAM_SPLIT", "f32": "BYTE_STREAM_SPLIT", "truth": "RLE", "fixed": "BYTE_STREAM_SPLIT"}
    kinds = {
        "dictionary": {},
        "plain": {"use_dictionary": False, "data_page_size": 4096},
        "deltas": {"use_dictionary": False, "column_encoding": deltas, "data_page_version": "2.0"},
        "small": {"row_group_size": 101, "data_page_size": 512, "write_page_checksum": True, "write_page_index": True},
        "second": {"data_page_version": "2.0", "data_page_size": 2048, "write_page_checksum": True},
        "old": {"version": "1.0", "use_deprecated_int96_timestamps": True},
    }
    for (name, options), compression in itertools.product(kinds.items(), ["none", "snappy", "gzip", "zstd", "lz4"]):
        use = table.cast(pa.schema([pa.field(f.name, pa.float32() if f.type == pa.float16() else f.type) for f in table.schema])) if name == "old" else table
        pq.write_table(use, f"{directory}/{name}-{compression}.parquet", compression=compression, **options)
    print(f"{len(kinds) * 5} tables of {ROWS} rows and {table.num_columns} columns, by pyarrow {pa.__version__}")


def lines(directory):
    for file in sorted(glob.glob(directory + "/*.jsonl.zst")):
        with pa.input_stream(file, compression="zstd") as stream:
            for line in stream.read().decode().splitlines():
                yield json.loads(line)


def read(theirs, kept):
    _, expected = rows()
    files = sorted(glob.glob(theirs + "/*.parquet"))
    documents = iter(lines(kept))
    for file in files:
        for row in expected:
            document = next(documents)
            if "/old-" in file:
                # its times are of one kind, which does not know whether they are local
                row = {name: value + "Z" if name == "local" else value for name, value in row.items()}
            if document != row:
                different = [name for name in row.keys() | document.keys() if row.get(name) != document.get(name)]
                sys.exit(f"{file}: {row['id']} differs in {different}:\n{[document.get(n) for n in different]}\n{[row.get(n) for n in different]}")
    if next(documents, None) is not None:
        sys.exit("there are more documents than rows")
    print(f"kanana read {len(files) * len(expected)} rows, all as they should be")


def bare(value):
    """What a document is without what is null, as columns cannot tell it from what is not there."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if each is not None}
    return [bare(each) for each in value] if isinstance(value, list) else value


def unfolded(column):
    """A column of JSON as what it says."""
    return [None if text is None else json.loads(text) for text in column.to_pylist()]


def written(kept, tables):
    expected = lines(kept)
    count = 0
    for file in sorted(glob.glob(tables + "/*.parquet")):
        table = pq.read_table(file, page_checksum_verification=True)
        columns = {
            name: unfolded(table[name]) if isinstance(table.schema.field(name).type, pa.JsonType) else table[name].to_pylist()
            for name in table.column_names
        }
        for i in range(table.num_rows):
            row = bare({name: values[i] for name, values in columns.items()})
            document = bare(next(expected))
            if row != document:
                different = [name for name in row.keys() | document.keys() if row.get(name) != document.get(name)]
                sys.exit(f"{file}: row {i} differs in {different}:\n{[row.get(n) for n in different]}\n{[document.get(n) for n in different]}")
            count += 1
    if count == 0 or next(expected, None) is not None:
        sys.exit("there are more lines than rows")
    print(f"pyarrow read {count} rows of kanana's tables, all as in its lines")


if __name__ == "__main__":
    {"make": make, "read": read, "written": written}[sys.argv[1]](*sys.argv[2:])
