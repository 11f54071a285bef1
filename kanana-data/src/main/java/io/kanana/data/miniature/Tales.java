package io.kanana.data.miniature;

import java.util.ArrayList;
import java.util.List;

/** Stories, letters and ways through the world. */
final class Tales {
  private final World world;

  Tales(World world) {
    this.world = world;
  }

  /** {hero} of {home} and {host} of {place}; a road joins the two towns. */
  String story(Grammar grammar, Draws draws) {
    Entity road = draws.pick(world.all("road"));
    Entity home = road.link("from");
    Entity place = road.link("to");
    Entity hero = world.resident(home);
    Entity host = world.resident(place);
    Slots slots = new Slots().with("home", home).with("place", place);
    slots.with("hero", hero).with("host", host).with("friend", friend(hero, host, draws));
    slots.with("he", hero.attribute("he")).with("him", hero.attribute("him"));
    slots.with("his", hero.attribute("his")).with("job", hero.attribute("job"));
    slots.with("species", hero.attribute("species"));
    slots.with("distance", road.attribute("distance"));
    Sums.purchase(slots, place.link("speciality"), draws);
    slots.with("gift", place.link("speciality")).with("goods", home.link("speciality"));
    return grammar.draft("story.title", slots, draws)
        + "\n\n"
        + grammar.draft("story", slots, draws);
  }

  /** The hero's best friend, or somebody else where that is the host. */
  private Entity friend(Entity hero, Entity host, Draws draws) {
    Entity best = hero.link("friend");
    return best == host ? draws.pick(others(hero, host)) : best;
  }

  private List<Entity> others(Entity hero, Entity host) {
    List<Entity> others = new ArrayList<>(world.all("character"));
    others.removeIf(c -> c == hero || c == host);
    return others;
  }

  String guide(Grammar grammar, Draws draws) {
    Slots slots = new Slots();
    way(world, slots, draws);
    return grammar.draft("guide.title", slots, draws)
        + "\n\n"
        + grammar.draft("guide.page", slots, draws);
  }

  /** Two roads that follow each other and do not lead back. */
  static void way(World world, Slots slots, Draws draws) {
    Entity first = draws.pick(world.all("road"));
    List<Entity> onward = new ArrayList<>(world.roadsFrom(first.link("to")));
    onward.removeIf(road -> road.link("to") == first.link("from"));
    Entity second = draws.pick(onward);
    slots.with("first", first).with("second", second);
    slots.with("way", first.number("distance") + second.number("distance"));
  }

  String letter(Grammar grammar, Draws draws) {
    Entity hero = draws.pick(world.all("character"));
    Slots slots = new Slots().with("hero", hero).with("friend", hero.link("friend"));
    Sums.purchase(slots, hero.link("home").link("speciality"), draws);
    return grammar.draft("letter.page", slots, draws);
  }
}
