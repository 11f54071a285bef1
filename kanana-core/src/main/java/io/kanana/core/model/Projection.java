package io.kanana.core.model;

/** The matrices of a layer, as Llama's checkpoints name them. */
public enum Projection {
  Q_PROJ("self_attn.q_proj"),
  K_PROJ("self_attn.k_proj"),
  V_PROJ("self_attn.v_proj"),
  O_PROJ("self_attn.o_proj"),
  GATE_PROJ("mlp.gate_proj"),
  UP_PROJ("mlp.up_proj"),
  DOWN_PROJ("mlp.down_proj");

  private final String module;

  Projection(String module) {
    this.module = module;
  }

  /** What it is called within a layer: {@code self_attn.q_proj}. */
  public String module() {
    return module;
  }

  /** Its last name: {@code q_proj}. */
  public String shortName() {
    return module.substring(module.indexOf('.') + 1);
  }

  /** Whether a published weight is this projection of some layer. */
  public boolean isOf(String weight) {
    return weight.endsWith("." + module + ".weight");
  }
}
