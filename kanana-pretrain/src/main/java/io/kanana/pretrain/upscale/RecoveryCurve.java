package io.kanana.pretrain.upscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The held-out loss of an up-scaled model while it is trained.
 *
 * @param points in the order of the steps, at least one
 */
record RecoveryCurve(List<Point> points) {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Point(long step, double loss, double bitsPerByte) {}

  /** Reads the measurements of a run's metrics. */
  static RecoveryCurve read(Path metrics) {
    List<Point> points = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(metrics)) {
        JsonNode event = JSON.readTree(line);
        if (event.path("event").asText().equals("held-out")) {
          points.add(
              new Point(
                  event.get("step").asLong(),
                  event.get("loss").asDouble(),
                  event.get("bits-per-byte").asDouble()));
        }
      }
    } catch (IOException e) {
      throw new DataException(metrics + ": cannot be read: " + Reason.of(e), e);
    }
    return new RecoveryCurve(points);
  }

  /** The first measured step at which the loss is not above the parent's. */
  OptionalLong recoveredAt(double parentLoss) {
    return points.stream()
        .filter(point -> point.loss <= parentLoss)
        .mapToLong(Point::step)
        .findFirst();
  }

  ObjectNode toJson(double parentLoss) {
    ObjectNode json = JSON.createObjectNode();
    recoveredAt(parentLoss).ifPresent(step -> json.put("recoveredAtStep", step));
    ArrayNode curve = json.putArray("heldOut");
    points.forEach(
        point ->
            curve
                .addObject()
                .put("step", point.step)
                .put("loss", point.loss)
                .put("bitsPerByte", point.bitsPerByte));
    return json;
  }

  String describe(double parentLoss) {
    OptionalLong step = recoveredAt(parentLoss);
    String when =
        step.isPresent()
            ? String.format(Locale.ROOT, "first at or below it at step %,d", step.getAsLong())
            : "still above it";
    return String.format(
        Locale.ROOT,
        "recovery: held-out loss %.4f, the parent's %.4f; %s",
        points.getLast().loss,
        parentLoss,
        when);
  }
}
