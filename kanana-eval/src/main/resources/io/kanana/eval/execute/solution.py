"""Runs a solution, and calls its functions as the tests ask for it."""
import json
import sys
import types

NAME = "solution"


def main():
    channel, objects = Channel(), Objects()
    module = types.ModuleType(NAME)
    sys.modules[NAME] = module
    try:
        exec(compile(channel.read()[1], f"<{NAME}>", "exec"), module.__dict__)
    except BaseException as failure:
        channel.write("F", described(failure))
        return
    channel.write("L")
    while True:
        question = json.loads(channel.read()[1])
        channel.write("R", json.dumps(answer(question, module, objects)))


def answer(question, module, objects):
    try:
        if "name" in question:
            return named(question["name"], module, objects)
        function = objects.own[question["call"]]
        arguments, keywords = (objects.decode(question[key]) for key in ("arguments", "keywords"))
        value = objects.encode(function(*arguments, **keywords))
        after = [objects.encode(argument) if isinstance(argument, (list, dict, set, bytearray)) else None for argument in arguments]
        changed = [[i, new] for i, new in enumerate(after) if new is not None and new != question["arguments"][i]]
        return {"value": value, "changed": changed}
    except BaseException as failure:
        kind = next(kind.__name__ for kind in type(failure).__mro__ if kind.__module__ == "builtins")
        return {"raise": kind, "message": str(failure)[:500]}


def named(name, module, objects):
    if name not in module.__dict__:
        return {"absent": name}
    value = module.__dict__[name]
    return {"module": value.__name__} if isinstance(value, types.ModuleType) else {"value": objects.encode(value)}


main()
