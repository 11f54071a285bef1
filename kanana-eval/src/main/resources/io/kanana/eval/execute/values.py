"""Values as JSON, so that tests and solution can be two processes. What is no plain value stays where it is and gets a number."""
import collections.abc
import itertools

LONGEST_ITERATOR = 1_000_000
PLAIN_INT_BITS = 4096


class Remote:
    """An object of the other process; it can be called, and passed back."""

    def __init__(self, number, ask):
        self.__number, self.__ask = number, ask

    def __call__(self, *arguments, **named):
        return self.__ask(self.__number, arguments, named)


class Objects:
    """The objects of one side that the other one knows by number."""

    def __init__(self, ask=None):
        self.own, self.remote, self.ask = [], {}, ask

    def number(self, value):
        for number, known in enumerate(self.own):
            if known is value:
                return number
        self.own.append(value)
        return len(self.own) - 1

    def encode(self, value):
        if value is None or isinstance(value, (bool, float, str)):
            return value if type(value) in (type(None), bool, float, str) else plain(value)
        if isinstance(value, int):
            return int(value) if value.bit_length() <= PLAIN_INT_BITS else {"int": hex(value)}
        if isinstance(value, list):
            return [self.encode(item) for item in list.__iter__(value)]
        for name, kinds in CONTAINERS.items():
            if isinstance(value, kinds):
                return {name: [self.encode(item) for item in value]}
        if isinstance(value, collections.abc.Iterator):
            return {"iterator": [self.encode(item) for item in finite(value)]}
        for name, kind, parts in OTHERS:
            if isinstance(value, kind):
                return {name: self.encode(parts(value))}
        if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
            return self.encode(value.tolist())
        if isinstance(value, Remote):
            return {"yours": value._Remote__number}
        return {"mine": self.number(value)}

    def decode(self, tree):
        if isinstance(tree, list):
            return [self.decode(item) for item in tree]
        if not isinstance(tree, dict):
            return tree
        (name, content), = tree.items()
        if name == "mine":
            return self.remote.setdefault(content, Remote(content, self.ask))
        if name == "yours":
            return self.own[content]
        return DECODERS[name](self.decode(content))


def plain(value):
    return str.__str__(value) if isinstance(value, str) else float.__float__(value)


def finite(iterator):
    items = list(itertools.islice(iterator, LONGEST_ITERATOR + 1))
    if len(items) > LONGEST_ITERATOR:
        raise ValueError(f"an iterator of more than {LONGEST_ITERATOR} items")
    return items


# dictionaries and their views keep their order, and views are equal to what they were equal to
CONTAINERS = {
    "tuple": tuple, "set": set, "frozenset": frozenset,
    "keys": collections.abc.KeysView, "values": collections.abc.ValuesView, "items": collections.abc.ItemsView,
}
OTHERS = (
    ("dict", dict, lambda value: list(dict.items(value))),
    ("bytes", bytes, bytes.hex),
    ("bytearray", bytearray, bytearray.hex),
    ("complex", complex, lambda value: [value.real, value.imag]),
    ("range", range, lambda value: [value.start, value.stop, value.step]),
)
DECODERS = {
    "int": lambda digits: int(digits, 16), "tuple": tuple, "set": set, "frozenset": frozenset, "dict": dict,
    "keys": lambda items: dict.fromkeys(items).keys(), "values": lambda items: dict(enumerate(items)).values(),
    "items": lambda items: dict(items).items(), "iterator": iter, "bytes": bytes.fromhex, "bytearray": bytearray.fromhex,
    "complex": lambda parts: complex(*parts), "range": lambda parts: range(*parts),
}


def update(argument, changed):
    """Makes a list, dictionary or set of the tests what the solution has made of it."""
    if isinstance(argument, (list, bytearray)):
        argument[:] = changed
    else:
        argument.clear()
        argument.update(changed)
