package io.kanana.data.miniature;

import java.util.List;

/** Pages of worked sums, some bare and some about the world. */
final class Sums {
  private static final List<String> RULES =
      List.of(
          "add",
          "add",
          "carry",
          "carry",
          "subtract",
          "subtract",
          "multiply",
          "multiply",
          "buy",
          "buy",
          "change",
          "gather",
          "share",
          "walk",
          "compare");

  private final World world;

  Sums(World world) {
    this.world = world;
  }

  String page(Grammar grammar, Draws draws) {
    StringBuilder page = new StringBuilder(grammar.draft("sum.title", new Slots(), draws));
    int count = draws.between(2, 5);
    for (int i = 0; i < count; i++) {
      String rule = draws.pick(RULES);
      page.append("\n\n").append(grammar.draft("sum", rule, slots(rule, draws), draws));
    }
    return page.toString();
  }

  private Slots slots(String rule, Draws draws) {
    Entity hero = draws.pick(world.all("character"));
    Slots slots = new Slots().with("hero", hero).with("friend", hero.link("friend"));
    addition(slots, rule.equals("carry") ? 11 : 1, draws);
    multiplication(slots, draws);
    purchase(slots, draws.pick(world.all("goods")), draws);
    Tales.way(world, slots, draws);
    return slots;
  }

  private static void addition(Slots slots, int smallest, Draws draws) {
    int a = draws.between(smallest, 49);
    int b = draws.between(smallest, 49);
    int c = a + draws.between(1, 20);
    slots.with("a", a).with("b", b).with("sum", a + b);
    slots.with("a.ones", a % 10).with("b.ones", b % 10).with("ones", a % 10 + b % 10);
    slots.with("a.tens", tens(a)).with("b.tens", tens(b)).with("tens", tens(a) + tens(b));
    slots.with("c", c).with("larger", c).with("smaller", a);
  }

  private static int tens(int number) {
    return number - number % 10;
  }

  private static void multiplication(Slots slots, Draws draws) {
    long m = draws.between(2, 9);
    long k = draws.between(2, 9);
    slots.with("m", m).with("k", k).with("product", m * k);
  }

  /** A purchase of {n} {goods} for {cost}, from a {purse} that leaves {change}. */
  static void purchase(Slots slots, Entity goods, Draws draws) {
    int n = draws.between(2, 9);
    int cost = Math.toIntExact(n * goods.number("price"));
    int change = draws.between(1, 30);
    slots.with("goods", goods).with("n", n).with("cost", cost);
    slots.with("purse", cost + change).with("change", change);
  }
}
