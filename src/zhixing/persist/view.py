"""A manifest as a person reads it: nothing is built, arrays are described."""

from __future__ import annotations

from typing import Any

_PLAIN = ("list", "tuple", "set", "frozenset")


def summary(content: dict[str, Any], array_bytes: int) -> dict[str, Any]:
    """The facts of a manifest, without its metadata."""
    model = plain(content["model"], content["arrays"])
    return {
        "format": content["format"],
        "versions": content["versions"],
        "class": model.get("class") if isinstance(model, dict) else None,
        "model": model,
        "classes": sorted(_classes(content["model"])),
        "arrays": len(content["arrays"]),
        "array_bytes": array_bytes,
        "schema": plain(content["schema"], content["arrays"]),
    }


def plain(node: Any, table: list[Any]) -> Any:
    """A node as plain data: objects as their class and parameters, arrays as type and shape."""
    if isinstance(node, list):
        return [plain(item, table) for item in node]
    if not isinstance(node, dict):
        return node
    tag = node.get("t")
    if tag == "object":
        shown = node.get("params", node.get("fields", node.get("state", [])))
        return {"class": node["class"]} | {name: plain(v, table) for name, v in shown}
    if tag == "dict" and isinstance(node["k"], list) and isinstance(node["v"], list):
        return {str(plain(k, table)): plain(v, table) for k, v in zip(node["k"], node["v"])}
    if tag in _PLAIN and isinstance(node["v"], list):
        return [plain(item, table) for item in node["v"]]
    if tag == "array":
        return f"array {node['dtype']} {tuple(table[node['i']][1])}"
    if tag in ("ref", "class", "type", "dtype", "function", "scorer", "float", "int"):
        return f"{tag} {node['v']}" if tag in ("ref", "class") else str(node["v"])
    return f"<{tag or 'sequence'}>"


def _classes(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_classes, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(_classes, node.values()))
    return found | {node["class"]} if node.get("t") == "object" else found
