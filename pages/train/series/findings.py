"""What the scores of an experiment say, in sentences made of their numbers."""

import math
from collections.abc import Callable, Sequence

from cnn_core.judge.significance import USUAL, Paired
from cnn_core.series.outcomes import Outcome, Score, difference, gains, ranked, scored
from cnn_core.series.spread import deviation, t_quantile
from pages.ui.words import as_text, count, percent, plain

Disagree = Callable[[Score, Score], Paired | None]


def findings(
    outcomes: Sequence[Outcome], disagree: Disagree, *, axis: str, log: bool, ended: bool
) -> list[str]:
    """Sentences in Markdown, the most important first; nothing where there are no scores yet."""
    known = ranked(outcomes)
    if not known:
        return []
    if len(outcomes) == 1:
        return _spread(known[0])
    said = [_best(known, disagree, ended)] if len(known) > 1 else []
    groups = list(dict.fromkeys(one.group for one in outcomes))
    if len(groups) == 2:
        said += _by_group(outcomes, groups, axis)
    elif log:
        said += _tenfold(outcomes, axis)
    if all(len(one.scores) == 1 for one in known):
        said.append(
            "One seed each: part of every difference is chance. **Set the seeds to 3 or more** and start again."
        )
    return said


def _spread(one: Outcome) -> list[str]:
    values = [score.accuracy for score in one.scores]
    if len(values) < 2:
        return [f"The first seed gives **{percent(values[0], 2)}**. How far will the others be from it?"]
    s, mean = deviation(values), one.interval
    apart = t_quantile(len(values) - 1) * s * math.sqrt(2)
    images = one.scores[0].images
    return [
        f"**{percent(one.mean, 2)}** is the mean of {len(values)} seeds; the worst had {percent(min(values), 2)},"
        f" the best {percent(max(values), 2)}: only chance differs.",
        f"The mean of very many seeds lies within ±{_points(mean.half)} of it (95 % sure). Two single runs differ by"
        f" more than **{_points(apart)}** only one time in twenty: less than that between two runs proves nothing.",
        f"One test image of {images:,} is {_points(1 / images)}.",
    ]


def _best(known: Sequence[Outcome], disagree: Disagree, ended: bool) -> str:
    best, second = known[0], known[1]
    lead = (
        f"{'Best' if ended else 'Best so far'}: **{as_text(best.label)}** with {percent(best.mean, 2)}, then"
        f" {as_text(second.label)} with {percent(second.mean, 2)}"
    )
    by_seed = difference(second, best)
    if by_seed is not None:
        seeds = count(len(best.by_seed.keys() & second.by_seed.keys()), "seed")
        apart = f"{_points(by_seed.value)} ± {_points(by_seed.half)} over {seeds} (95 % sure)"
        if by_seed.excludes_zero:
            return f"{lead}. The difference is {apart}: **told apart from chance**."
        return f"{lead}. The difference is {apart}: **not told apart from chance**."
    found = disagree(second.scores[0], best.scores[0])
    if found is None:
        return f"{lead}."
    return f"{lead}. {_alone(best, second, found)}"


def _alone(best: Outcome, second: Outcome, found: Paired) -> str:
    """McNemar's test in words."""
    told = "told apart" if found.p_value < USUAL else "not told apart"
    chance = "less than 0.1 %" if found.p_value < 0.001 else percent(found.p_value)
    return (
        f"Of {found.images:,} test images only {as_text(best.label)} has {found.only_second:,} right, only"
        f" {as_text(second.label)} {found.only_first:,}. Were both equally good, a split at least as uneven"
        f" would come up in {chance} of cases: these two networks are **{told}**."
    )


def _tenfold(outcomes: Sequence[Outcome], axis: str) -> list[str]:
    steps = gains(outcomes)
    if len(steps) < 2:
        return []
    first, last = steps[0], steps[-1]
    return [
        f"Ten times as much ({as_text(axis)}) brings {_gain(first.tenfold)} between {as_text(first.first.label)} and"
        f" {as_text(first.second.label)}, and {_gain(last.tenfold)} between {as_text(last.first.label)} and"
        f" {as_text(last.second.label)}."
    ]


def _by_group(outcomes: Sequence[Outcome], groups: Sequence[str], axis: str) -> list[str]:
    plain_, other = ({one.at: one for one in scored(outcomes) if one.group == group} for group in groups)
    common = sorted(at for at in plain_.keys() & other.keys() if at is not None)
    parts = [f"{_gain(other[at].mean - plain_[at].mean)} at {at:g}" for at in common]
    if not parts:
        return []
    return [f"What {as_text(groups[1])} bring, by {as_text(axis)}: {', '.join(parts)}."]


def _points(share: float) -> str:
    return f"{plain(100 * share)} points"


def _gain(share: float) -> str:
    return f"{'+' if share >= 0 else ''}{plain(100 * share, 1)} points"
