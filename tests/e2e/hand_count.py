"""The measures of docs/measures.md, computed from notes of what was done: a second opinion that shares no code with the
server's, and no figure either."""
import collections
import dataclasses
import math
import typing

Z = 1.959964  # 95%, both sides


@dataclasses.dataclass
class Exposure:
    resident: typing.Optional[str]
    immature: bool = False
    excluded: typing.Optional[str] = None  # the reason
    reached: bool = False  # in person, before any loss
    lost: bool = False  # after the warning, within the horizon
    verdict: typing.Optional[str] = None  # of the last follow-up, past the horizon
    truth: typing.Optional[str] = None

    def standing(self):
        """S, F, U, X, or what is in no rate."""
        if self.excluded:
            return "excluded"
        if self.immature:
            return "immature"
        if self.lost:
            return "F"
        if self.truth == "confirmed":
            return "S" if self.verdict == "no_loss" else "U"
        return "refuted" if self.truth == "refuted" else "X"


def wilson(k, n, residents):
    """Wilson's interval on n_eff = n^2 / sum(m_i^2)."""
    n_eff = n * n / sum(m * m for m in collections.Counter(residents).values())
    p = k / n
    centre = p + Z * Z / (2 * n_eff)
    spread = Z * math.sqrt(p * (1 - p) / n_eff + Z * Z / (4 * n_eff * n_eff))
    scale = 1 + Z * Z / n_eff
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def ratio(exposures, good, bad, unsettled):
    """n/N of those for whom good holds among good and bad, with all that comes with it."""
    counted = [each for each in exposures if good(each) or bad(each)]
    k, n = sum(map(bool, map(good, exposures))), len(counted)
    open_ends = sum(map(bool, map(unsettled, exposures)))
    low, high = wilson(k, n, [each.resident for each in counted])
    excluded = collections.Counter(each.excluded for each in exposures if each.excluded)
    return {"numerator": k, "denominator": n, "value": k / n, "low": low, "high": high,
            "bound_low": k / (n + open_ends), "bound_high": (k + open_ends) / (n + open_ends),
            "immature": sum(each.standing() == "immature" for each in exposures), "small": n < 20,
            "excluded": [{"reason": reason, "count": excluded[reason]} for reason in sorted(excluded)]}


def measures(exposures):
    exposures = list(exposures)

    def stands(*places, reached=None):
        return lambda each: each.standing() in places and reached in (None, each.reached)

    return {
        "protected_rate": ratio(exposures, stands("S"), stands("F"), stands("U", "X")),
        "lost_after_warning_rate": ratio(exposures, stands("F"), stands("S"), stands("U", "X")),
        "dissuasion_success_rate": ratio(exposures, stands("S", reached=True), stands("F", reached=True),
                                         stands("U", "X", reached=True)),
        "reach_rate": ratio(exposures, stands("S", "F", reached=True), stands("S", "F", reached=False),
                            stands("U", "X")),
        "false_alarm_rate": ratio(exposures, stands("refuted"), stands("S", "F", "U"), stands("X")),
    }
