package io.kanana.eval.execute;

/**
 * What a sandbox promises about everything that runs in it. Each is tried before it is relied on.
 */
public enum Guarantee {
  NETWORK(
      "nothing is reached through the network, nor through any socket but those it made itself",
      "a network namespace, and a filter of system calls (seccomp)"),
  READING(
      "no file of this machine is seen but Python's and the system's libraries",
      "user and mount namespaces, Linux 5.12 or newer"),
  WRITING(
      "nothing is written but into a throwaway directory of limited size",
      "user and mount namespaces, tmpfs"),
  MEMORY(
      "memory is limited, for a process and for all together",
      "RLIMIT_AS, and a /proc of the sandbox's own, which containers may forbid"),
  PROCESSES(
      "the number of processes is limited",
      "RLIMIT_NPROC counted by user namespace, Linux 5.14 or newer"),
  TIME(
      "processor time and time are limited, and no process stays behind",
      "a process namespace, and a /proc of the sandbox's own, which containers may forbid"),
  ENVIRONMENT("no environment variable of ours is seen", "nothing"),
  PRIVILEGES(
      "no privilege is held or can be gained", "capabilities, no_new_privs, limits of namespaces"),
  SYSTEM_CALLS(
      "system calls that reach around the other limits are refused",
      "seccomp on x86_64 or aarch64"),
  HOST_PROCESSES("processes outside are neither seen nor signalled", "user and process namespaces");

  private final String promise;
  private final String needs;

  Guarantee(String promise, String needs) {
    this.promise = promise;
    this.needs = needs;
  }

  /** What holds, as a sentence. */
  public String promise() {
    return promise;
  }

  /** What it takes of the operating system. */
  public String needs() {
    return needs;
  }
}
