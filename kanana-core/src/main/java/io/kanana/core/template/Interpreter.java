package io.kanana.core.template;

import io.kanana.core.template.Stmt.Signature;
import io.kanana.core.template.Stmt.Target;
import io.kanana.core.template.Value.Str;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs the statements of one rendering and gathers its text. */
final class Interpreter {
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Evaluator evaluator;
  private final Budget budget;
  private final StringBuilder text = new StringBuilder();
  private final List<Rendered.Span> generations = new ArrayList<>();
  private StringBuilder out = text;
  private int line = 1;

  Interpreter(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.budget = evaluator.budget();
  }

  /** The line of the statement that runs or ran last. */
  int line() {
    return line;
  }

  Rendered run(TemplateParser.Parsed template, Scope scope) {
    execute(template.statements(), scope);
    return new Rendered(text.toString(), generations, template.marked());
  }

  private Flow execute(List<Stmt> statements, Scope scope) {
    for (Stmt statement : statements) {
      line = statement.line();
      Flow flow = execute(statement, scope);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow execute(Stmt statement, Scope scope) {
    budget.enter();
    Flow flow = Flow.NEXT;
    switch (statement) {
      case Stmt.Text piece -> write(piece.text());
      case Stmt.Print print -> print(print, scope);
      case Stmt.If conditional -> flow = conditional(conditional, scope);
      case Stmt.For loop -> loop(loop, scope);
      case Stmt.Set set -> assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
      case Stmt.SetBlock set -> setBlock(set, scope);
      case Stmt.Macro macro -> scope.set(macro.name(), macro(macro, scope));
      case Stmt.CallBlock call -> callBlock(call, scope);
      case Stmt.FilterBlock filter -> filterBlock(filter, scope);
      case Stmt.With with -> flow = with(with, scope);
      case Stmt.Generation generation -> generation(generation, scope);
      case Stmt.Break _ -> flow = Flow.BREAK;
      case Stmt.Continue _ -> flow = Flow.CONTINUE;
    }
    budget.leave();
    return flow;
  }

  private void write(String piece) {
    budget.characters(piece.length());
    out.append(piece);
  }

  private void print(Stmt.Print print, Scope scope) {
    write(Printer.text(budget, evaluator.evaluate(print.value(), scope)));
  }

  private Flow conditional(Stmt.If conditional, Scope scope) {
    for (Stmt.Branch branch : conditional.branches()) {
      if (Operators.truth(evaluator.evaluate(branch.test(), scope))) {
        return execute(branch.body(), scope);
      }
    }
    return execute(conditional.otherwise(), scope);
  }

  private void loop(Stmt.For loop, Scope scope) {
    loop(loop, evaluator.evaluate(loop.items(), scope), scope, 0);
  }

  private void loop(Stmt.For statement, Value value, Scope scope, int depth) {
    List<Value> items = items(statement, value, scope);
    Loop loop = new Loop(evaluator.operators(), items, depth);
    Function<Arguments, Value> again =
        statement.recursive() ? arguments -> again(statement, arguments, scope, depth + 1) : null;
    Value.Native loopValue = loop.value(again);
    boolean completed = false;
    Flow flow = Flow.NEXT;
    for (int i = 0; i < items.size() && flow != Flow.BREAK; i++) {
      budget.step();
      loop.at(i);
      Scope turn = new Scope(scope);
      turn.set("loop", loopValue);
      assign(statement.target(), items.get(i), turn);
      flow = execute(statement.body(), turn);
      completed |= flow == Flow.NEXT;
    }
    // unlike Python's, Jinja's 'else' also runs when no turn came to its end
    if (!completed) {
      execute(statement.otherwise(), new Scope(scope));
    }
  }

  private Value again(Stmt.For statement, Arguments arguments, Scope scope, int depth) {
    Value items = arguments.bind("loop", "iterable").require(0);
    return capture(() -> loop(statement, items, scope, depth));
  }

  private List<Value> items(Stmt.For statement, Value value, Scope scope) {
    if (statement.filter() == null) {
      return evaluator.items(value);
    }
    List<Value> kept = new ArrayList<>();
    Iterator<Value> items = Sequences.iterator(budget, value);
    while (items.hasNext()) {
      Value item = items.next();
      Scope inside = new Scope(scope);
      assign(statement.target(), item, inside);
      if (Operators.truth(evaluator.evaluate(statement.filter(), inside))) {
        budget.items(1);
        kept.add(item);
      }
    }
    return kept;
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Name name -> scope.set(name.name(), value);
      case Target.Field field -> assign(field, value, scope);
      case Target.Several several -> {
        List<Value> parts = evaluator.items(value);
        if (parts.size() != several.targets().size()) {
          throw Fault.failure(
              String.format(
                  Locale.ROOT,
                  "%d values cannot be assigned to %d names",
                  parts.size(),
                  several.targets().size()));
        }
        for (int i = 0; i < parts.size(); i++) {
          assign(several.targets().get(i), parts.get(i), scope);
        }
      }
    }
  }

  private void assign(Target.Field field, Value value, Scope scope) {
    if (!(scope.find(field.namespace()) instanceof Value.Namespace namespace)) {
      throw Fault.failure("'" + field.namespace() + "' is not a namespace");
    }
    Globals.setField(budget, namespace, field.field(), value);
  }

  /** What something writes, instead of writing it. */
  private Str capture(Runnable writer) {
    StringBuilder outside = out;
    out = new StringBuilder();
    writer.run();
    String captured = out.toString();
    out = outside;
    return new Str(captured);
  }

  private Str captureBody(List<Stmt> body, Scope scope) {
    return capture(() -> execute(body, scope));
  }

  private void setBlock(Stmt.SetBlock set, Scope scope) {
    assign(set.target(), filtered(set.filtered(), set.body(), scope), scope);
  }

  private void filterBlock(Stmt.FilterBlock filter, Scope scope) {
    write(Printer.text(budget, filtered(filter.filtered(), filter.body(), scope)));
  }

  private Value filtered(Expr filtered, List<Stmt> body, Scope scope) {
    Scope inside = new Scope(scope);
    inside.set(Stmt.BODY, captureBody(body, new Scope(scope)));
    return evaluator.evaluate(filtered, inside);
  }

  private Flow with(Stmt.With with, Scope scope) {
    Scope inside = new Scope(scope);
    for (int i = 0; i < with.targets().size(); i++) {
      // a value does not see the names set beside it
      assign(with.targets().get(i), evaluator.evaluate(with.values().get(i), scope), inside);
    }
    return execute(with.body(), inside);
  }

  /**
   * As in transformers, a span starts where the text stood when the block began, also where the
   * block stands in a macro whose own text is written later.
   */
  private void generation(Stmt.Generation generation, Scope scope) {
    String body = captureBody(generation.body(), new Scope(scope)).value();
    generations.add(new Rendered.Span(text.length(), body));
    write(body);
  }

  private void callBlock(Stmt.CallBlock block, Scope scope) {
    Value caller = macro("caller", block.signature(), block.body(), scope);
    Value target = evaluator.evaluate(block.call().target(), scope);
    Arguments arguments = evaluator.arguments(block.call().arguments(), scope);
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    named.put("caller", caller);
    Value result = evaluator.call(target, new Arguments(arguments.positional(), named));
    write(Printer.text(budget, result));
  }

  private Value macro(Stmt.Macro macro, Scope scope) {
    return macro(macro.name(), macro.signature(), macro.body(), scope);
  }

  private Value macro(String name, Signature signature, List<Stmt> body, Scope scope) {
    Map<String, Supplier<Value>> attributes = new HashMap<>();
    attributes.put("name", () -> new Str(name));
    attributes.put("arguments", () -> names(signature));
    attributes.put("caller", () -> mentions(signature, "caller"));
    attributes.put("catch_varargs", () -> mentions(signature, "varargs"));
    attributes.put("catch_kwargs", () -> mentions(signature, "kwargs"));
    return new Value.Native(
        "Macro", attributes, arguments -> callMacro(name, signature, body, scope, arguments));
  }

  private static Value mentions(Signature signature, String name) {
    return Value.of(signature.mentions().contains(name));
  }

  private Value names(Signature signature) {
    List<Value> names = signature.names().stream().<Value>map(Str::new).toList();
    return Sequences.of(budget, Value.Sequence.Kind.TUPLE, names);
  }

  private Value callMacro(
      String name, Signature signature, List<Stmt> body, Scope scope, Arguments arguments) {
    Scope inside = new Scope(scope);
    int calledFrom = line;
    bindParameters(signature, arguments, inside);
    bindOthers(name, signature, arguments, inside);
    Value result = captureBody(body, inside);
    line = calledFrom;
    return result;
  }

  private void bindParameters(Signature signature, Arguments arguments, Scope inside) {
    for (int i = 0; i < signature.names().size(); i++) {
      String parameter = signature.names().get(i);
      boolean positional = i < arguments.positional().size();
      Value given = positional ? arguments.positional().get(i) : arguments.named().get(parameter);
      if (positional && arguments.named().containsKey(parameter)) {
        throw Fault.failure("the argument '" + parameter + "' is given twice");
      }
      inside.set(parameter, given != null ? given : fallback(signature, i, inside));
    }
  }

  private Value fallback(Signature signature, int index, Scope inside) {
    Expr expression = signature.defaults().get(index);
    return expression == null
        ? new Value.Undefined("parameter '" + signature.names().get(index) + "' was not provided")
        : evaluator.evaluate(expression, inside);
  }

  /** Arguments beyond the parameters; a body that does not name them takes none. */
  private void bindOthers(String name, Signature signature, Arguments arguments, Scope inside) {
    int parameters = signature.names().size();
    List<Value> rest =
        arguments
            .positional()
            .subList(
                Math.min(parameters, arguments.positional().size()), arguments.positional().size());
    Set<String> others = new HashSet<>(arguments.named().keySet());
    signature.names().forEach(others::remove);
    if (signature.mentions().contains("caller") && !signature.names().contains("caller")) {
      Value caller = arguments.named().get("caller");
      inside.set("caller", caller == null ? new Value.Undefined("no caller is defined") : caller);
      others.remove("caller");
    }
    if (signature.mentions().contains("varargs")) {
      inside.set("varargs", Sequences.of(budget, Value.Sequence.Kind.TUPLE, rest));
    } else if (!rest.isEmpty()) {
      throw Fault.failure(
          String.format(
              Locale.ROOT, "the macro '%s' takes at most %d arguments", name, parameters));
    }
    if (signature.mentions().contains("kwargs")) {
      Map<String, Value> named = new LinkedHashMap<>(arguments.named());
      named.keySet().retainAll(others);
      inside.set("kwargs", new Dicts.Builder(budget).putAll(named).build());
    } else if (!others.isEmpty()) {
      throw Fault.failure(
          String.format(
              Locale.ROOT, "the macro '%s' has no parameter '%s'", name, others.iterator().next()));
    }
  }
}
