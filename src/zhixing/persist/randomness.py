"""Codecs of NumPy's random generators: their kind and state, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from .codec import Codec, Node, expect, refuse

BIT_GENERATORS = {
    "MT19937": np.random.MT19937,
    "PCG64": np.random.PCG64,
    "PCG64DXSM": np.random.PCG64DXSM,
    "Philox": np.random.Philox,
    "SFC64": np.random.SFC64,
}
#: Positions in buffers, which NumPy's compiled code trusts: the largest it may hold.
POSITIONS = {"MT19937": ("state", "pos", 624), "Philox": (None, "buffer_pos", 4)}


def encode_state(value: Any, encoder: Any) -> Node:
    bits = getattr(value, "bit_generator", None) or value._bit_generator
    state = bits.state if isinstance(value, np.random.Generator) else value.get_state(legacy=False)
    if type(bits).__name__ not in BIT_GENERATORS:
        raise ValueError(f"the bit generator {type(bits).__name__}")
    return {"v": encoder(state)}


def _state(node: Node, decoder: Any) -> dict[str, Any]:
    state = expect(decoder(node["v"]), dict, "a random state")
    name = state.get("bit_generator")
    if name not in BIT_GENERATORS:
        raise refuse(f"bit generator {str(name)[:40]!r}")
    if name in POSITIONS:
        outer, inner, largest = POSITIONS[name]
        position = (state[outer] if outer else state)[inner]
        if not 0 <= int(position) <= largest:
            raise refuse(f"position {position} in the buffer of {name}")
    return state


def decode_generator(node: Node, decoder: Any) -> np.random.Generator:
    state = _state(node, decoder)
    bits = BIT_GENERATORS[state["bit_generator"]]()
    bits.state = state
    return np.random.Generator(bits)


def decode_random_state(node: Node, decoder: Any) -> np.random.RandomState:
    state = _state(node, decoder)
    made = np.random.RandomState(BIT_GENERATORS[state["bit_generator"]]())
    made.set_state(state)
    return made


CODECS = (
    Codec("generator", (np.random.Generator,), ("v",), encode_state, decode_generator, shared=True),
    Codec(
        "random_state",
        (np.random.RandomState,),
        ("v",),
        encode_state,
        decode_random_state,
        shared=True,
    ),
)
