"""CVSS vectors to severity words (CVSS v3.1 specification, sections 7.1 and 5: https://www.first.org/cvss/v3-1/)."""

_WEIGHTS = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}


def base_score(vector: str) -> float | None:
    """The base score (0.0 to 10.0) of a CVSS v3 vector; ``None`` when it is not one or lacks a base metric."""
    metrics = dict(part.split(":", 1) for part in vector.split("/") if part.count(":") == 1)
    if not metrics.get("CVSS", "").startswith("3"):
        return None
    try:
        scope = metrics["S"]
        impact_base = 1 - (1 - _WEIGHTS["C"][metrics["C"]]) * (1 - _WEIGHTS["C"][metrics["I"]]) * (
            1 - _WEIGHTS["C"][metrics["A"]]
        )
        exploitability = 8.22 * _WEIGHTS["AV"][metrics["AV"]] * _WEIGHTS["AC"][metrics["AC"]]
        exploitability *= _PRIVILEGES[scope][metrics["PR"]] * _WEIGHTS["UI"][metrics["UI"]]
    except KeyError:
        return None
    if scope == "U":
        impact = 6.42 * impact_base
    else:
        impact = 7.52 * (impact_base - 0.029) - 3.25 * (impact_base - 0.02) ** 15
    if impact <= 0:
        return 0.0
    total = impact + exploitability if scope == "U" else 1.08 * (impact + exploitability)
    return _round_up(min(total, 10.0))


def word(vector: str) -> str:
    """``critical``, ``high``, ``medium`` or ``low`` for a CVSS v3 vector; ``""`` when it cannot be read or is zero."""
    score = base_score(vector)
    if not score:
        return ""
    return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"


def _round_up(value: float) -> float:
    # Appendix A of the specification: round up to one decimal without floating-point surprises.
    scaled = round(value * 100_000)
    return scaled / 100_000 if scaled % 10_000 == 0 else (scaled // 10_000 + 1) / 10
