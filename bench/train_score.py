"""Makes the weights of the input score from labelled values, and says by cross-validation how good they are.

    python -m bench.train_score --data DIR [--code DIR]... [--out FILE]

DIR holds ``inputs.*.jsonl.gz``. Snippets of the running Python's own library, and of files below each ``--code``, are added
as benign values: developers send code. Figures are of folds the model did not see: by rows, and by source corpus (a whole
corpus left out, the harder question). Needs scikit-learn: run it with the interpreter of the peers' environment.
"""

import argparse
import gzip
import json
import random
import re
import sys
import sysconfig
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packages/remit-guard/src"))

from remit_guard.sinks import score, score_tokens  # noqa: E402

#: Categories of benign values that quote code or attack words on purpose; the others are ordinary.
HARD = frozenset(("code", "markdown", "dev_text", "prose_hard", "benign_tech", "snippet"))
TRICKY = frozenset(("naughty", "libinjection_fp", "gotestwaf_fp"))
#: How strongly named structures are preferred to tokens: their regularisation is that much weaker.
SHAPES = 8.0
LEAST = 4
WORD = re.compile(r"[^\W\d][\w$]*\Z|<[a-z]\w*\Z")


def snippets(folders: list[Path], most: int = 2500) -> list[str]:
    """Pieces of source files, chosen by a fixed seed."""
    draw = random.Random(11)
    kinds = {".py", ".js", ".ts", ".yaml", ".json", ".sh", ".md", ".tf"}
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in kinds]
    files = [path for path in files if "test" not in str(path) and "site-packages" not in str(path)]
    draw.shuffle(files)
    found: set[str] = set()
    for path in files[: most * 2]:
        lines = path.read_text("utf-8", "replace").splitlines()
        if len(lines) > 5:
            at = draw.randrange(len(lines))
            piece = "\n".join(lines[at : at + draw.choice((1, 1, 1, 2, 4, 8, 15))]).strip()
            if 3 < len(piece) < 2000:
                found.add(piece)
    return sorted(found)[:most]


def read(folder: Path) -> list[dict[str, Any]]:
    rows = []
    for file in sorted(folder.glob("inputs.*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    return rows


def words_of(rows: list[dict[str, Any]]) -> list[str]:
    """The words that attacks have in common."""
    seen: Counter[str] = Counter()
    for row in rows:
        if row["label"] == "attack":
            text = score_tokens.decoded(row["text"])[0]
            seen.update({word for word in score_tokens.cut(text) if word.isascii() and WORD.match(word)})
    return sorted(word for word, count in seen.items() if count >= LEAST and len(word) <= 24)


def main() -> int:
    """Trains, reports, writes."""
    import numpy as np  # type: ignore[import-not-found,unused-ignore]
    from scipy.sparse import csr_matrix  # type: ignore[import-not-found,unused-ignore]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,unused-ignore]
    from sklearn.model_selection import GroupKFold, StratifiedKFold  # type: ignore[import-not-found,unused-ignore]

    parser = argparse.ArgumentParser(prog="python -m bench.train_score")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--code", type=Path, action="append", default=[])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = read(options.data)
    for text in snippets([Path(sysconfig.get_paths()["stdlib"]), *options.code]):
        rows.append({"label": "safe", "cls": None, "cat": "snippet", "text": text, "source": "snippets"})
    words = words_of(rows)
    found = [score.features(row["text"], frozenset(words)) for row in rows]
    plain = np.array([score.is_plain(row["text"]) for row in rows])
    counts = Counter(feature for features in found for feature in features)
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    place = {name: number for number, name in enumerate(names)}
    scale = np.array([SHAPES if name[0] == "!" and len(name) > 2 and " " not in name else 1.0 for name in names])
    at = [(row, place[name]) for row, features in enumerate(found) for name in features if name in place]
    ys, xs = (np.array(side) for side in zip(*at, strict=True))
    matrix = csr_matrix((scale[xs], (ys, xs)), shape=(len(rows), len(names)))
    attack = np.array([row["label"] == "attack" for row in rows])
    kinds = np.array([row["cls"] or "" for row in rows])
    cats = np.array([row["cat"] or "" for row in rows])
    ordinary = ~attack & ~np.isin(cats, list(HARD))
    given = ~attack & (cats != "snippet")
    sizes = Counter(kinds)
    weights = np.array([(300 / sizes[kind]) ** 0.5 if kind else 0.2 for kind in kinds])
    weights[ordinary] = 4
    weights[cats == "snippet"] = 0.15
    weights[np.isin(cats, list(TRICKY))] = 6

    def fit(which: Any) -> Any:
        return LogisticRegression(C=0.3, solver="liblinear", max_iter=300).fit(
            matrix[which], attack[which], sample_weight=weights[which]
        )

    def report(name: str, scores: Any, threshold: float) -> None:
        rates = {kind: float((scores[kinds == kind] > threshold).mean()) for kind in sorted(set(kinds)) if kind}
        figures = {
            "tpr_mean": sum(rates.values()) / len(rates), "fpr_all": float((scores[given] > threshold).mean()),
            "fpr_ordinary": float((scores[ordinary] > threshold).mean()),
            "fpr_snippets": float((scores[cats == "snippet"] > threshold).mean()), **rates,
        }  # fmt: skip
        print(json.dumps({name: {key: round(value, 5) for key, value in figures.items()}}))

    def folds(splits: Any) -> Any:
        scores = np.zeros(len(rows))
        for learn, judge in splits:
            scores[judge] = fit(learn).decision_function(matrix[judge])
        scores[plain] = -99
        return scores

    by_row = folds(StratifiedKFold(5, shuffle=True, random_state=1).split(matrix, np.where(attack, kinds, cats)))
    threshold = max(np.sort(by_row[ordinary])[::-1][int(0.00045 * ordinary.sum())],
                    np.sort(by_row[given])[::-1][int(0.004 * given.sum())])  # fmt: skip
    report("by_row", by_row, threshold)
    corpora = np.array([str(row["source"]).partition(" ")[0] for row in rows])
    report("by_corpus", folds(GroupKFold(8).split(matrix, attack, corpora)), threshold)
    final = fit(np.arange(len(rows)))
    values = final.coef_[0] * scale
    kept = [(name, round(float(value) * 100)) for name, value in zip(names, values, strict=True)]
    kept = [(name, value) for name, value in kept if abs(value) >= 3]
    limit = threshold - float(final.intercept_[0])
    lines = [f"{limit:.3f}", " ".join(words), *[f"{value} {name}" for name, value in kept]]
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", "utf-8")
    print(json.dumps({"features": len(kept), "bytes": sum(len(line) + 1 for line in lines), "threshold": threshold}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
