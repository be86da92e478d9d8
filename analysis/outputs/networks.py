"""Networks as GraphML and GEXF, for networkx, igraph, Gephi and Cytoscape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

import pandas as pd

from analysis.outputs.saved_figures import SavedFigure

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF = "http://gexf.net/1.3"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = {"b": "boolean", "i": "int", "u": "int", "f": "double"}
_INT = 2**31  # GraphML's int, which a count of words may pass
_NODE = ("outside", "agency", "n_articles")
_EDGE = ("kind", "words", "share", "n_passages", "n_articles", "credited", "quoted", "uncredited")


def network_of(figures: Sequence[SavedFigure]) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Nodes and edges of the reuse network; None where no figure tells of it, or it has no edge.

    An edge of the kind "shared" leads from the group whose words are counted to one that has them
    too, and says nothing of who had them first; one of the kind "credit" to the source credited.

    Parameters
    ----------
    figures : sequence of SavedFigure

    Returns
    -------
    nodes : DataFrame
        `node`, `label` and attributes.
    edges : DataFrame
        `a`, `b`, `kind` and attributes.
    """
    saved = {figure.name: figure for figure in figures}
    between, drawn = saved.get("reuse"), saved.get("reuse_network")
    parts = []
    if between is not None and {"taker", "giver"} <= set(between.tables["table"]):
        shared = between.tables["table"].rename(columns={"taker": "a", "giver": "b"})
        parts.append(shared.assign(kind="shared"))
    if drawn is not None:
        lines = drawn.tables["table"]
        parts.append(lines[lines["kind"] == "credit"] if parts else lines)
    if not any(len(part) for part in parts):
        return None
    edges = pd.concat(parts, ignore_index=True)
    edges = edges[["a", "b", *(column for column in _EDGE if column in edges)]]
    edges = edges.dropna(axis="columns", how="all").astype({"a": str, "b": str})
    names = pd.Index(pd.unique(edges[["a", "b"]].to_numpy().ravel()), name="node")
    known = pd.DataFrame({"node": names, "label": names})
    if drawn is not None and "nodes" in drawn.tables:
        about = drawn.tables["nodes"].astype({"node": str}).set_index("node")
        about = about[[c for c in ("label", *_NODE) if c in about]].reindex(names)
        known = about.assign(label=about["label"].fillna(names.to_series())).reset_index()
    labels = (between or drawn).about.get("groups", {})
    known["label"] = [labels.get(n, name) for n, name in zip(known["node"], known["label"])]
    return known, edges


def graphml_bytes(nodes: pd.DataFrame, edges: pd.DataFrame) -> bytes:
    """A directed network as GraphML.

    Parameters
    ----------
    nodes : DataFrame
        `node` and attributes.
    edges : DataFrame
        `a`, `b` (nodes) and attributes.
    """
    root = ElementTree.Element("graphml", {"xmlns": _GRAPHML})
    keys = {}
    for domain, table, ends in (("node", nodes, ("node",)), ("edge", edges, ("a", "b"))):
        for column in table.columns.drop(list(ends)):
            key = keys[domain, column] = f"{domain[0]}{len(keys)}"
            kind = _kind(table[column], "long")
            about = {"id": key, "for": domain, "attr.name": column, "attr.type": kind}
            ElementTree.SubElement(root, "key", about)
    graph = ElementTree.SubElement(root, "graph", {"id": "reuse", "edgedefault": "directed"})
    ids = {node: f"n{i}" for i, node in enumerate(nodes["node"])}
    for row in nodes.to_dict("records"):
        element = ElementTree.SubElement(graph, "node", {"id": ids[row.pop("node")]})
        _graphml_data(element, row, "node", keys)
    for i, row in enumerate(edges.to_dict("records")):
        ends = {"id": f"e{i}", "source": ids[row.pop("a")], "target": ids[row.pop("b")]}
        _graphml_data(ElementTree.SubElement(graph, "edge", ends), row, "edge", keys)
    return _xml(root)


def _graphml_data(element, row: dict, domain: str, keys: dict) -> None:
    for column, value in row.items():
        if not pd.isna(value):
            data = ElementTree.SubElement(element, "data", {"key": keys[domain, column]})
            data.text = _text(value)


def gexf_bytes(nodes: pd.DataFrame, edges: pd.DataFrame) -> bytes:
    """A directed network as GEXF 1.3, whose weight is the share of words.

    Parameters
    ----------
    nodes, edges : DataFrame
        As for `graphml_bytes`; nodes with `label`.
    """
    root = ElementTree.Element("gexf", {"xmlns": _GEXF, "version": "1.3"})
    about = {"defaultedgetype": "directed", "mode": "static"}
    graph = ElementTree.SubElement(root, "graph", about)
    keys = {}
    for domain, table, ends in (("node", nodes, ("node", "label")), ("edge", edges, ("a", "b"))):
        attributes = ElementTree.SubElement(graph, "attributes", {"class": domain})
        for column in table.columns.drop(list(ends)):
            key = keys[domain, column] = str(len(keys))
            kind = _kind(table[column], "long")
            about = {"id": key, "title": column, "type": kind}
            ElementTree.SubElement(attributes, "attribute", about)
    ids = {node: f"n{i}" for i, node in enumerate(nodes["node"])}
    there = ElementTree.SubElement(graph, "nodes")
    for row in nodes.to_dict("records"):
        about = {"id": ids[row.pop("node")], "label": _text(row.pop("label"))}
        _gexf_values(ElementTree.SubElement(there, "node", about), row, "node", keys)
    lines = ElementTree.SubElement(graph, "edges")
    for i, row in enumerate(edges.to_dict("records")):
        about = {"id": f"e{i}", "source": ids[row.pop("a")], "target": ids[row.pop("b")]}
        if not pd.isna(weight := row.get("share", float("nan"))):
            about["weight"] = _text(weight)
        _gexf_values(ElementTree.SubElement(lines, "edge", about), row, "edge", keys)
    return _xml(root)


def _gexf_values(element, row: dict, domain: str, keys: dict) -> None:
    said = {keys[domain, column]: value for column, value in row.items() if not pd.isna(value)}
    if said:
        values = ElementTree.SubElement(element, "attvalues")
        for key, value in said.items():
            ElementTree.SubElement(values, "attvalue", {"for": key, "value": _text(value)})


def _kind(values: pd.Series, large: str) -> str:
    there = values.dropna()
    kind = _KINDS.get(values.dtype.kind, "string")
    if len(there) and all(isinstance(value, bool) for value in there):
        return "boolean"
    if kind == "double" and (there == there.round()).all() and values.name != "share":
        kind = "int"  # counts, of which some are missing
    return large if kind == "int" and (there.abs() >= _INT).any() else kind


def _text(value) -> str:
    if type(value).__name__ in ("bool", "bool_"):
        return str(bool(value)).lower()
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return _NO_XML.sub("", f"{value:.9g}" if isinstance(value, float) else str(value))


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
