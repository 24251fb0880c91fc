"""A number for every row that depends on what it holds and not on where it stands."""

from __future__ import annotations

from ._jit import kernel


@kernel(("i8[:, ::1]", "i8[::1]", "i8[::1]", "i8[::1]"))
def dense_row_hash(bits, multiplier, out, count):
    """out[i] += sum over non-zero entries of mixed bits times the column's odd multiplier.

    `bits` are float64 rows viewed as int64; count[i] gets the number of non-zero entries.
    """
    for i in range(bits.shape[0]):
        total = 0
        filled = 0
        for j in range(bits.shape[1]):
            b = bits[i, j]
            if b << 1 != 0:  # not 0.0 or -0.0
                filled += 1
                # Small whole numbers differ in their high bits only; a product alone would lose them.
                total += (b ^ (b >> 29)) * multiplier[j]
        out[i] += total
        count[i] = filled


@kernel(("i8[::1]", "i4[::1]", "i8[::1]", "i8[::1]", "i8[::1]", "i8[::1]"))
def sparse_row_hash(bits, indices, indptr, multiplier, out, count):
    """The same for compressed rows."""
    for i in range(indptr.size - 1):
        total = 0
        filled = 0
        for at in range(indptr[i], indptr[i + 1]):
            b = bits[at]
            if b << 1 != 0:
                filled += 1
                total += (b ^ (b >> 29)) * multiplier[indices[at]]
        out[i] += total
        count[i] = filled
