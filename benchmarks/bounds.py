"""The figures that have a bound: at most, or at least, this much."""

AT_MOST = {
    "deploy.preview_ratio": 1.10,
    "deploy.up_ratio": 1.10,
    "deploy.critical_path_ratio": 1.15,
    "deploy.growth": 1.3,
    "policies.preview_ratio": 1.2,
    "tests.unit_seconds": 20.0,
    "gateway.cpu_ratio": 2.0,
    "gateway.sse_added_ms": 5.0,
    "failover.outage_errors": 0.02,
    "failover.poison_errors": 0.001,
}
AT_LEAST = {
    "gateway.throughput_ratio": 0.5,
    "virtual.requests_per_s": 4_000.0,
    **{f"failover.goodput.{story}": 0.99 for story in ("S1", "S2", "S3", "S4", "S5", "S7")},
}


def bound(name: str) -> str:
    """As it is printed: `<= 1.10`, or nothing."""
    if name in AT_MOST:
        return f"<= {AT_MOST[name]:g}"
    return f">= {AT_LEAST[name]:g}" if name in AT_LEAST else ""


def verdict(name: str, value: float) -> str:
    """Whether a figure keeps its bound; nothing where it has none."""
    if name in AT_MOST:
        return "within" if value <= AT_MOST[name] else "above"
    if name in AT_LEAST:
        return "within" if value >= AT_LEAST[name] else "below"
    return ""
