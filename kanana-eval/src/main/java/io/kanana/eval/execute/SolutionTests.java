package io.kanana.eval.execute;

import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import io.kanana.eval.execute.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs solutions against their tests.
 *
 * <p>The tests run in one sandbox and the solution in another, and only values pass between them
 * (numbers, texts, lists, dictionaries and the like; other objects of the solution stay with it and
 * are passed by number). So a solution can neither read the tests nor reach what says that they
 * passed, and an object that claims to be equal to everything is equal to nothing. It passes when
 * the tests come to their end; leaving early, with whatever status, is a failure.
 *
 * <p>Safe for use by several threads.
 */
public final class SolutionTests {
  private static final String[] SOLUTION = {"channel.py", "values.py", "solution.py"};
  private static final String[] TESTS = {"channel.py", "values.py", "tests.py"};

  private static final int LONGEST_DETAIL = 1000;

  private final Jail jail;

  /** Held for reading by a run among others, for writing by one that must be alone. */
  private final ReadWriteLock machine = new ReentrantReadWriteLock(true);

  public SolutionTests(Sandbox sandbox) {
    this.jail = sandbox.jail();
  }

  /**
   * The verdicts of some solutions, in their order.
   *
   * @param parallel how many run at once
   */
  public List<Verdict> run(List<Program> programs, int parallel) {
    try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
      List<Callable<Verdict>> runs = new ArrayList<>();
      programs.forEach(program -> runs.add(() -> run(program)));
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> verdict : threads.invokeAll(runs)) {
        verdicts.add(verdict.get());
      }
      return verdicts;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("running code was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KananaException known ? known : new IllegalStateException(e);
    }
  }

  /**
   * The verdict of one solution. One that used up its time by the clock is tried once more while no
   * other runs, since others may have kept the machine busy.
   *
   * @throws DataException where the sandbox cannot be set up any more
   */
  public Verdict run(Program program) {
    Run first = locked(machine.readLock(), program);
    return first.disturbed() ? locked(machine.writeLock(), program).verdict() : first.verdict();
  }

  private Run locked(Lock lock, Program program) {
    lock.lock();
    try {
      return once(program);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What came of a run.
   *
   * @param disturbed whether the machine may have been the reason, and not the solution
   */
  private record Run(Verdict verdict, boolean disturbed) {
    static Run of(Outcome outcome, String detail) {
      return new Run(new Verdict(outcome, detail), false);
    }
  }

  private Run once(Program program) {
    try (Jailed solution = jail.start(SOLUTION);
        Jailed tests = jail.start(TESTS)) {
      solution.send('S', program.solution());
      Frame loaded = solution.receive();
      if (loaded.kind() != 'L') {
        return notReplied(loaded, solution);
      }
      tests.send('S', program.tests());
      return answer(solution, tests);
    }
  }

  /** Carries questions of the tests to the solution and replies back, until the tests end. */
  private static Run answer(Jailed solution, Jailed tests) {
    while (true) {
      Frame said = tests.receive();
      switch (said.kind()) {
        case 'P' -> {
          return Run.of(Outcome.PASSED, "");
        }
        case 'Q' -> {
          solution.send('Q', said.text());
          Frame reply = solution.receive();
          if (reply.kind() != 'R') {
            return notReplied(reply, solution);
          }
          tests.send('R', reply.text());
        }
        default -> {
          return notReplied(said, tests);
        }
      }
    }
  }

  private static Run notReplied(Frame frame, Jailed program) {
    return switch (frame.kind()) {
      case 'F' -> Run.of(Outcome.FAILED, printable(frame.text()));
      case Frame.TOO_LARGE -> Run.of(Outcome.TOO_MUCH_OUTPUT, frame.text());
      case Frame.NOTHING -> ended(program.end());
      default -> Run.of(Outcome.FAILED, "says what it was not asked: " + frame.kind());
    };
  }

  /** What the solution may have written, fit to be shown. */
  private static String printable(String text) {
    String start = text.substring(0, Math.min(text.length(), LONGEST_DETAIL));
    return start.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
  }

  private static Run ended(Ending ending) {
    return switch (ending.how()) {
      case EXIT -> left(ending);
      case SIGNAL -> Run.of(Outcome.LEFT, "killed by signal " + ending.number());
      case PROCESSOR_TIME -> Run.of(Outcome.TIMED_OUT, "used up its processor time");
      case TIME -> new Run(new Verdict(Outcome.TIMED_OUT, "used up its time"), true);
      case MEMORY -> Run.of(Outcome.OUT_OF_MEMORY, "used up its memory");
      case KILLED -> new Run(new Verdict(Outcome.LEFT, "the sandbox was killed"), true);
      case SETUP -> throw noSandbox(ending);
    };
  }

  /** What complains is the interpreter before it runs a solution, which cannot do so itself. */
  private static Run left(Ending ending) {
    if (!ending.complaint().isEmpty()) {
      throw noSandbox(ending);
    }
    return Run.of(Outcome.LEFT, "left with status " + ending.number());
  }

  private static DataException noSandbox(Ending ending) {
    return new DataException(
        "running code: the sandbox cannot be set up any more: "
            + ending.complaint()
            + "; go on with --resume when the machine has room");
  }
}
