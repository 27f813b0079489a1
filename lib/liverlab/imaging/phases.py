"""Names of the contrast phases by the delay after the start of the injection."""

PORTAL = "portal venous"
# Upper limit in s, name. Late arterial 25-35 s and portal venous 50-90 s as taught (dossier 2.5, reference R25); the
# gaps between the published ranges are named for what they are.
_PHASES = (
    (10.0, "before the contrast medium arrives"),
    (25.0, "early arterial"),
    (40.0, "late arterial"),
    (50.0, "between late arterial and portal venous"),
    (90.0, PORTAL),
    (float("inf"), "delayed"),
)


def phase_name(delay_s: float) -> str:
    """What a radiologist calls a scan ``delay_s`` seconds (>= 0) after the injection began; 0 is an unenhanced scan."""
    if not delay_s >= 0:
        raise ValueError(f"delay_s is {delay_s}; allowed: 0 or more seconds.")
    if delay_s == 0:
        return "unenhanced"
    return next(name for limit, name in _PHASES if delay_s < limit or (name == PORTAL and delay_s == limit))


def is_portal(delay_s: float) -> bool:
    """Whether a scan at this delay counts as portal venous, the phase the Choi criteria were made for."""
    return phase_name(delay_s) == PORTAL
