"""Writes a Hugging Face Llama directory as GGUF, for llama.cpp, with its weights at F32 or BF16 and without its tokenizer.

    python scripts/compare/hf_to_gguf.py DIRECTORY FILE f32|bf16

As llama.cpp has it, vectors stay F32. Without a tokenizer it takes and gives ids only, which is all that a measurement needs.
"""

import json
import pathlib
import sys

import gguf
import numpy
from safetensors.torch import load_file

OF_MODEL = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
OF_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def gguf_name(name):
    module = name.removesuffix(".weight")
    if module in OF_MODEL:
        return OF_MODEL[module] + ".weight"
    layer, _, part = module.removeprefix("model.layers.").partition(".")
    return f"blk.{layer}.{OF_LAYER[part]}.weight"


def pairs_side_by_side(weight, heads):
    """RoPE turns element i of a head with i + D/2 in Hugging Face's order of rows, neighbours in llama.cpp's."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def tensors(directory, heads, kv_heads):
    for shard in sorted(directory.glob("*.safetensors")):
        for name, tensor in load_file(shard).items():
            weight = tensor.float().numpy()
            if ".q_proj." in name:
                weight = pairs_side_by_side(weight, heads)
            elif ".k_proj." in name:
                weight = pairs_side_by_side(weight, kv_heads)
            yield gguf_name(name), numpy.ascontiguousarray(weight)


def write(directory, file, precision):
    config = json.loads((directory / "config.json").read_text())
    if config["model_type"] != "llama" or config.get("rope_scaling"):
        sys.exit(f"{directory}: only Llama models without scaled positions can be written")
    heads = config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads", heads)
    head_dim = config.get("head_dim") or config["hidden_size"] // heads
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    writer.add_rope_dimension_count(head_dim)
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("none")
    matrices = gguf.GGMLQuantizationType[precision.upper()]
    for name, weight in tensors(directory, heads, kv_heads):
        kind = matrices if weight.ndim == 2 else gguf.GGMLQuantizationType.F32
        writer.add_tensor(name, gguf.quants.quantize(weight, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3])
