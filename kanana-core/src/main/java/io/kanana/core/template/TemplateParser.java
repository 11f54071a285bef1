package io.kanana.core.template;

import io.kanana.core.template.Stmt.Signature;
import io.kanana.core.template.Stmt.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the tags of a template. */
final class TemplateParser {
  private static final Set<String> ABOUT_OTHER_TEMPLATES =
      Set.of("include", "import", "from", "extends", "block");

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int loops;
  private boolean marked;

  /**
   * A template as it was read.
   *
   * @param marked whether there is a {@code generation} block anywhere in it
   * @param names every name that is read anywhere in it, its own variables included
   */
  record Parsed(List<Stmt> statements, boolean marked, Set<String> names) {}

  private TemplateParser(Tokens tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  static Parsed parse(String template, Template.Dialect dialect, Budget budget) {
    budget.characters(template.length());
    Tokens tokens = new Tokens(Lexer.tokens(template, dialect.trims()), budget.limits().nesting());
    return new TemplateParser(tokens, new ExpressionParser(tokens, budget)).all();
  }

  private Parsed all() {
    List<Stmt> body = body(Set.of());
    if (!tokens.current().is(Token.Type.END)) {
      throw tokens.unexpected("the end of the template");
    }
    expressions.refuseUnknown();
    return new Parsed(body, marked, expressions.takeMentioned());
  }

  /** Statements up to a tag of one of these names, of which the name is then the current token. */
  private List<Stmt> body(Set<String> ends) {
    tokens.enter();
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      switch (token.type()) {
        case DATA -> body.add(new Stmt.Text(tokens.next().text(), token.line()));
        case PRINT_BEGIN -> body.add(print());
        case BLOCK_BEGIN -> {
          tokens.next();
          if (tokens.current().is(Token.Type.NAME) && ends.contains(tokens.current().text())) {
            tokens.leave();
            return body;
          }
          body.add(tag());
        }
        default -> {
          requireNone(ends);
          tokens.leave();
          return body;
        }
      }
    }
  }

  private void requireNone(Set<String> ends) {
    if (!ends.isEmpty()) {
      String wanted = String.join("' or '", ends.stream().sorted().toList());
      throw Fault.syntax(tokens.line(), "expected '" + wanted + "', found the end of the template");
    }
  }

  private Stmt print() {
    int line = tokens.next().line();
    Expr value = expressions.tuple(true, false, "");
    tokens.expect(Token.Type.PRINT_END, "'}}'");
    return new Stmt.Print(value, line);
  }

  private Stmt tag() {
    int line = tokens.line();
    String name = tokens.expect(Token.Type.NAME, "the name of a tag").text();
    return switch (name) {
      case "if" -> conditional(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "call" -> callBlock(line);
      case "filter" -> filterBlock(line);
      case "with" -> with(line);
      case "generation" -> generation(line);
      case "print" -> printTag(line);
      case "break", "continue" -> jump(name, line);
      default -> throw unknown(name, line);
    };
  }

  private static Fault unknown(String name, int line) {
    if (ABOUT_OTHER_TEMPLATES.contains(name)) {
      return Fault.syntax(
          line, "the tag '" + name + "' is refused: a template stands alone and reads no file");
    }
    return Fault.syntax(line, "there is no tag named '" + name + "'");
  }

  private void endTag() {
    tokens.expect(Token.Type.BLOCK_END, "'%}'");
  }

  /** A body with its closing tag. */
  private List<Stmt> closed(String end) {
    endTag();
    List<Stmt> body = body(Set.of(end));
    tokens.next();
    endTag();
    return body;
  }

  private Stmt conditional(int line) {
    int unknown = expressions.unknown();
    List<Stmt.Branch> branches = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    String tag = "elif";
    while (tag.equals("elif")) {
      Expr test = expressions.tuple(false, false, "");
      endTag();
      branches.add(new Stmt.Branch(test, body(Set.of("elif", "else", "endif"))));
      tag = tokens.next().text();
    }
    if (tag.equals("else")) {
      otherwise = closed("endif");
    } else {
      endTag();
    }
    expressions.forgiveUnknown(unknown);
    return new Stmt.If(branches, otherwise, line);
  }

  private Stmt loop(int line) {
    Target target = target("in", false);
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expr items = expressions.tuple(false, false, "recursive");
    Expr filter = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    endTag();
    loops++;
    List<Stmt> body = body(Set.of("endfor", "else"));
    loops--;
    List<Stmt> otherwise = List.of();
    if (tokens.next().text().equals("else")) {
      otherwise = closed("endfor");
    } else {
      endTag();
    }
    return new Stmt.For(target, items, filter, recursive, body, otherwise, line);
  }

  private Stmt jump(String name, int line) {
    if (loops == 0) {
      throw Fault.syntax(line, "'" + name + "' stands outside a loop");
    }
    endTag();
    return name.equals("break") ? new Stmt.Break(line) : new Stmt.Continue(line);
  }

  private Stmt printTag(int line) {
    Expr value = expressions.expression();
    while (tokens.skipOperator(",")) {
      value = new Expr.Binary("~", value, expressions.expression());
    }
    endTag();
    return new Stmt.Print(value, line);
  }

  private Stmt set(int line) {
    Target target = target("", true);
    if (tokens.skipOperator("=")) {
      Expr value = expressions.tuple(true, false, "");
      endTag();
      return new Stmt.Set(target, value, line);
    }
    Expr filtered = new Expr.Name(Stmt.BODY);
    if (tokens.skipOperator("|")) {
      filtered = expressions.filters(filtered);
    }
    return new Stmt.SetBlock(target, filtered, closed("endset"), line);
  }

  /** One target, or several with commas, up to a name such as {@code in}. */
  private Target target(String endingName, boolean fields) {
    List<Target> targets = new ArrayList<>();
    boolean comma = false;
    while (targets.isEmpty()
        || tokens.current().is(Token.Type.NAME)
        || tokens.current().operator("(")) {
      if (tokens.current().name(endingName) && !targets.isEmpty()) {
        break;
      }
      targets.add(oneTarget(fields));
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    return comma ? new Target.Several(targets) : targets.getFirst();
  }

  private Target oneTarget(boolean fields) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inside = target("", fields);
      tokens.leave();
      tokens.expectOperator(")");
      return inside;
    }
    String name = assignable();
    if (fields && tokens.skipOperator(".")) {
      return new Target.Field(name, tokens.expect(Token.Type.NAME, "the name of a field").text());
    }
    return new Target.Name(name);
  }

  private String assignable() {
    Token token = tokens.expect(Token.Type.NAME, "a name to assign to");
    if (Set.of("true", "false", "none", "True", "False", "None").contains(token.text())) {
      throw Fault.syntax(token.line(), "'" + token.text() + "' cannot be assigned to");
    }
    return token.text();
  }

  private Stmt macro(int line) {
    String name = assignable();
    Set<String> outside = expressions.takeMentioned();
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    parameters(names, defaults);
    List<Stmt> body = ownLoops("endmacro");
    return new Stmt.Macro(name, signature(names, defaults, outside), body, line);
  }

  /** A body of its own: a {@code break} in it means no loop outside it. */
  private List<Stmt> ownLoops(String end) {
    int outside = loops;
    loops = 0;
    List<Stmt> body = closed(end);
    loops = outside;
    return body;
  }

  private Signature signature(List<String> names, List<Expr> defaults, Set<String> outside) {
    Set<String> mentions = new HashSet<>(expressions.takeMentioned());
    expressions.mention(mentions);
    expressions.mention(outside);
    mentions.retainAll(Set.of("varargs", "kwargs", "caller"));
    return new Signature(
        List.copyOf(names), java.util.Collections.unmodifiableList(defaults), mentions);
  }

  private void parameters(List<String> names, List<Expr> defaults) {
    tokens.expectOperator("(");
    while (!tokens.current().operator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      int line = tokens.line();
      names.add(assignable());
      boolean optional = tokens.skipOperator("=");
      if (!optional && !defaults.isEmpty() && defaults.getLast() != null) {
        throw Fault.syntax(line, "a parameter without a default follows one with a default");
      }
      defaults.add(optional ? expressions.expression() : null);
    }
    tokens.expectOperator(")");
  }

  private Stmt callBlock(int line) {
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    if (tokens.current().operator("(")) {
      parameters(names, defaults);
    }
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw Fault.syntax(line, "the tag 'call' needs the call of a macro");
    }
    Set<String> outside = expressions.takeMentioned();
    List<Stmt> body = ownLoops("endcall");
    return new Stmt.CallBlock(call, signature(names, defaults, outside), body, line);
  }

  private Stmt filterBlock(int line) {
    Expr filtered = expressions.filters(new Expr.Name(Stmt.BODY));
    return new Stmt.FilterBlock(filtered, closed("endfilter"), line);
  }

  private Stmt with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.current().is(Token.Type.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(oneTarget(false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(targets, values, closed("endwith"), line);
  }

  private Stmt generation(int line) {
    marked = true;
    return new Stmt.Generation(ownLoops("endgeneration"), line);
  }
}
