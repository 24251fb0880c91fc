"""Rounds: every fit that is a sum over rows.

A round maps ``partial(state, block) -> sums`` over the blocks, merges the sums in block order and asks
``update(state, sums) -> (state, done)`` for the next state.  Sums are raw totals that add, never finished
answers, so one block or a hundred give the same fit.  Where the map runs is a separate choice.
"""

from .run import Rounds, run
from .where import Where, here

__all__ = ["Rounds", "Where", "here", "run"]
