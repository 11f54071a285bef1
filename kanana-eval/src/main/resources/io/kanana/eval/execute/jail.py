"""The first process of a sandbox: `unshare` starts it as process 1 of new namespaces, where it is root over nothing else.

It lays out a file system of its own, gives up what it may do, starts the program with limits, and watches it.
What came of it goes to standard error as one line of JSON; the program has no access to that.

Arguments: a JSON object (see Jail.java) and the source of the program, a Python script.
"""
import ctypes
import errno
import json
import os
import resource
import select
import signal
import sys
import time

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 8, 32, 4096, 16384
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE, SYS_MOUNT_SETATTR = -100, 0x8000, 442
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38
CAPABILITY_VERSION_3 = 0x20080522
DEVICES = ("null", "zero", "full", "random", "urandom")
WATCH_EVERY = 0.02
LONGEST_COMPLAINT = 2000

# number on x86_64, number on aarch64; the same number on both where there is one
REFUSED_CALLS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272), "pidfd_getfd": 438,
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "unshare": (272, 97), "setns": (308, 268),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "fanotify_init": (300, 262), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "syslog": (103, 116), "acct": (163, 89),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60),
    # memory that belongs to no process, and so escapes the limits
    "memfd_create": (319, 279), "memfd_secret": 447, "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180),
}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
CLONE, CLONE3, SOCKET, SOCKETPAIR = (56, 220), 435, (41, 198), (53, 199)
NEW_NAMESPACES = 0x7E020000
AF_UNIX = 1
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000, 0x80000000

libc = ctypes.CDLL(None, use_errno=True)


class Broken(Exception):
    """What could not be done."""


def call(what, function, *arguments):
    if function(*arguments) < 0:
        number = ctypes.get_errno()
        raise Broken(f"{what}: {os.strerror(number)}")


def mount(source, target, kind, flags, options=None):
    encoded = [None if text is None else text.encode() for text in (source, target, kind, options)]
    call(f"mount {target}", libc.mount, encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])


class MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "namespace")]


def show(path):
    """Makes a path of the host's visible at the same place, for reading."""
    original = "/old" + path
    if os.path.islink(original):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(os.readlink(original), path)
        return
    place(path, os.path.isdir(original))
    mount(original, path, None, MS_BIND | MS_REC)
    attributes = MountAttributes(MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    call(f"make {path} read-only (Linux 5.12 or newer)", libc.syscall, SYS_MOUNT_SETATTR, AT_FDCWD, path.encode(), AT_RECURSIVE,
         ctypes.byref(attributes), ctypes.c_size_t(ctypes.sizeof(attributes)))


def place(path, directory):
    os.makedirs(path if directory else os.path.dirname(path), exist_ok=True)
    if not directory:
        os.close(os.open(path, os.O_CREAT, 0o600))


def enter_own_file_system(limits):
    """A root of its own, read-only; returns the only view of /proc, which the program does not inherit."""
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    os.mkdir("/tmp/old")
    call("pivot_root", libc.pivot_root, b"/tmp", b"/tmp/old")
    os.chdir("/")
    os.mkdir("/tmp")
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={limits['scratchBytes']},nr_inodes={limits['files']},mode=700")
    for path in limits["readable"]:
        show(path)
    for device in DEVICES:
        place(f"/dev/{device}", False)
        mount(f"/old/dev/{device}", f"/dev/{device}", None, MS_BIND)
    os.mkdir("/proc")
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    set_in_proc()
    call("leave /proc", libc.umount2, b"/proc", MNT_DETACH)
    call("leave the host's files", libc.umount2, b"/old", MNT_DETACH)
    os.rmdir("/old")
    mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir("/tmp")
    return processes


def set_in_proc():
    """No namespaces within this one; and if the machine runs out of memory, this goes first."""
    settings = {f"sys/user/max_{name}_namespaces": "0" for name in ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")}
    settings["self/oom_score_adj"] = "1000"
    for name, value in settings.items():
        with open(f"/proc/{name}", "w") as setting:
            setting.write(value)


def set_limits(limits):
    for kind, value in (
            (resource.RLIMIT_AS, limits["addressBytes"]),
            (resource.RLIMIT_FSIZE, limits["scratchBytes"]),
            (resource.RLIMIT_NOFILE, limits["openFiles"]),
            (resource.RLIMIT_NPROC, limits["processes"]),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_MSGQUEUE, 0),
            (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpuSeconds"], limits["cpuSeconds"] + 1))  # a signal that says so, then the other


def drop_capabilities():
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    call("drop capabilities", libc.capset, header, (ctypes.c_uint32 * 6)())
    call("no new privileges", libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("true", ctypes.c_uint8), ("false", ctypes.c_uint8), ("value", ctypes.c_uint32)]


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction))]


def filter_calls():
    """Refuses the calls that reach around namespaces and limits (seccomp)."""
    machine = os.uname().machine
    if machine not in MACHINES:
        raise Broken(f"filter system calls: known for {', '.join(MACHINES)}, not {machine}")
    column, architecture = MACHINES[machine]
    number = lambda pair: pair if isinstance(pair, int) else pair[column]
    load = lambda offset: (0x20, 0, 0, offset)
    equals = lambda value, true, false: (0x15, true, false, value)
    answer = lambda value: (0x06, 0, 0, value)
    program = [load(4), equals(architecture, 1, 0), answer(KILL), load(0)]
    program += [(0x35, 0, 1, 0x40000000), answer(FAIL | errno.ENOSYS)]  # numbers of x32
    program += [equals(CLONE3, 0, 1), answer(FAIL | errno.ENOSYS)]  # its flags cannot be seen; libc falls back to clone
    for pair in REFUSED_CALLS.values():
        program += [equals(number(pair), 0, 1), answer(FAIL | errno.EPERM)]
    program += [equals(number(CLONE), 0, 4), load(16), (0x45, 0, 1, NEW_NAMESPACES), answer(FAIL | errno.EPERM), answer(ALLOW)]
    program += [equals(number(SOCKET), 1, 0), equals(number(SOCKETPAIR), 0, 4)]
    program += [load(16), equals(AF_UNIX, 1, 0), answer(FAIL | errno.EPERM), answer(ALLOW), answer(ALLOW)]
    instructions = (Instruction * len(program))(*program)
    call("filter system calls", libc.prctl, PR_SET_SECCOMP, 2, ctypes.byref(Filter(len(program), instructions)), 0, 0)


def become_program(limits, source, complaints):
    try:
        os.dup2(complaints, 2)
        os.setsid()
        set_limits(limits)
        drop_capabilities()
        filter_calls()
        os.closerange(3, 256)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execve(limits["python"], [limits["python"], "-I", "-c", source], {})
    except BaseException as failure:
        os.write(2, str(failure).encode())
    os._exit(1)


def usage(processes, ticks, page):
    """Seconds of processor time and bytes of memory of all processes but this one."""
    seconds, memory = 0.0, 0
    for entry in os.listdir(processes):
        if entry.isdigit() and entry != "1":
            try:
                with open(os.open(f"{entry}/stat", os.O_RDONLY, dir_fd=processes), "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()  # behind its name, which may be anything
            except OSError:
                continue  # it has ended
            seconds += sum(int(field) for field in fields[11:15]) / ticks
            memory += int(fields[21]) * page
    return seconds, memory


def watch(program, limits, processes, listeners):
    """Waits for the end of the program, for it to use too much, or for nobody to listen any more."""
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    deadline = time.monotonic() + limits["wallSeconds"]
    reaped = 0.0
    while True:
        while True:
            ended, status, used = os.wait3(os.WNOHANG)
            if ended == 0:
                break
            if ended == program:
                return ending(status)
            reaped += used.ru_utime + used.ru_stime
        seconds, memory = usage(processes, ticks, page)
        if seconds + reaped > limits["cpuSeconds"]:
            return {"end": "processor-time"}
        if memory > limits["memoryBytes"]:
            return {"end": "memory"}
        if time.monotonic() > deadline or listeners.poll(0):
            return {"end": "time"}
        signal.sigtimedwait({signal.SIGCHLD}, WATCH_EVERY)


def ending(status):
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return {"end": "processor-time"} if number == signal.SIGXCPU else {"end": "signal", "number": number}
    return {"end": "exit", "number": os.WEXITSTATUS(status)}


def complaint(pipe):
    os.set_blocking(pipe, False)
    try:
        return os.read(pipe, LONGEST_COMPLAINT).decode(errors="replace")
    except BlockingIOError:
        return ""


def main():
    limits, source = json.loads(sys.argv[1]), sys.argv[2]
    if os.getpid() != 1:
        raise Broken("not the first process of a process namespace")
    with open("/proc/self/uid_map") as uids:
        if uids.read().split() == ["0", "0", "4294967295"]:
            raise Broken("not in a user namespace")
    libc.sethostname(b"sandbox", 7)
    # of all signals only this one would be delivered to the first process: Python has a handler for it
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGINT})
    read, write = os.pipe()
    processes = enter_own_file_system(limits)
    program = os.fork()
    if program == 0:
        become_program(limits, source, write)
    os.close(write)
    null = os.open("/dev/null", os.O_RDWR)
    listeners = select.poll()
    listeners.register(os.dup(1), 0)  # reports an error when the other end is closed
    os.dup2(null, 0)
    os.dup2(null, 1)
    try:
        report = watch(program, limits, processes, listeners)
    except Exception as failure:  # whatever the program has to do with it, it ends
        return {"end": "killed", "complaint": str(failure)}
    report["complaint"] = complaint(read)
    return report


try:
    outcome = main()
except Exception as failure:
    outcome = {"end": "setup", "complaint": str(failure)}
os.write(2, (json.dumps(outcome) + "\n").encode())
os._exit(0)
