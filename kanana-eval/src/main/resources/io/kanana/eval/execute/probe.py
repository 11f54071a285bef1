"""Tries, inside a sandbox, what a solution must not be able to do. Writes what it saw for each guarantee as JSON."""
import ctypes
import errno
import json
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)


def refused(attempt, *arguments):
    """What was possible, or None."""
    try:
        result = attempt(*arguments)
    except (OSError, MemoryError):
        return None
    return f"{attempt.__name__}{arguments} gave {result if isinstance(result, int) else type(result).__name__}"


def network(facts):
    yield refused(socket.create_connection, ("127.0.0.1", facts["port"]))
    yield refused(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    yield refused(socket.socket, 40, socket.SOCK_STREAM)  # to the host of a virtual machine
    yield refused(socket.socket, 16, socket.SOCK_RAW)


def reading(facts):
    for path in facts["secrets"]:
        yield refused(os.stat, path)
    for path in ("/etc/passwd", "/proc/self", "/sys/kernel", "/dev/shm", "/home"):
        yield refused(os.stat, path)


def writing(facts):
    outside = {"/", "/usr", "/dev", "/etc", os.path.dirname(os.__file__), *map(os.path.dirname, facts["secrets"])} - {os.getcwd()}
    for directory in sorted(outside):
        yield refused(os.open, f"{directory}/kanana-probe", os.O_CREAT | os.O_WRONLY)
    yield refused(fill, facts["scratchBytes"])


def fill(limit):
    """Writes files until there is no room, and a byte more than there should be."""
    written = 0
    block = bytes(1 << 16)
    for number in range(4):
        with open(f"filler{number}", "wb", buffering=0) as file:
            try:
                while written <= limit:
                    written += file.write(block)
            except OSError:
                continue
        if written > limit:
            return written
    raise OSError(errno.ENOSPC, "full")


def memory(facts):
    yield refused(bytearray, facts["addressBytes"])


def processes(facts):
    children = []
    try:
        while len(children) <= facts["processes"]:
            child = os.fork()
            if child == 0:
                libc.pause()
            children.append(child)
    except OSError:
        pass
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    yield f"{len(children)} processes" if len(children) > facts["processes"] else None


def environment(facts):
    names = set(os.environ) - {"LC_CTYPE"}  # Python's own
    yield f"variables {sorted(names)}" if names else None


def privileges(facts):
    yield refused(checked, libc.unshare, 0x10000000)
    yield refused(checked, libc.mount, b"tmpfs", b"/tmp", b"tmpfs", 0, None)
    yield refused(checked, libc.chroot, b"/tmp")
    yield refused(os.setuid, 1)
    for capability in range(41):
        if libc.prctl(23, capability, 0, 0, 0) == 1:
            yield f"capability {capability}"
    yield None if libc.prctl(39, 0, 0, 0, 0) == 1 else "new privileges"


def checked(function, *arguments):
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return function.__name__


def system_calls(facts):
    numbers = {"x86_64": (319, 101, 425, 29, 250), "aarch64": (279, 117, 425, 194, 219)}[os.uname().machine]
    for number in numbers:
        ctypes.set_errno(0)
        if libc.syscall(number, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() != errno.EPERM:
            yield f"system call {number}: {os.strerror(ctypes.get_errno())}"


def host_processes(facts):
    yield refused(os.kill, facts["process"], 0)
    yield None if os.getppid() == 1 else f"parent {os.getppid()}"


PROBES = {
    "NETWORK": network, "READING": reading, "WRITING": writing, "MEMORY": memory, "PROCESSES": processes, "ENVIRONMENT": environment,
    "PRIVILEGES": privileges, "SYSTEM_CALLS": system_calls, "HOST_PROCESSES": host_processes,
}


def main():
    channel = Channel()
    facts = json.loads(channel.read()[1])
    channel.write("R", json.dumps({name: [seen for seen in probe(facts) if seen] for name, probe in PROBES.items()}))


main()
