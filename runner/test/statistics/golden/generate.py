"""Expected values of runner/statistics, from SciPy and statsmodels: python generate.py > statistics.json

pip install scipy==1.17.1 statsmodels==0.15.0 (brings pandas)
"""
import json
import numpy as np
import pandas as pd
import scipy
from scipy import special, stats
import statsmodels
import statsmodels.formula.api as formulas
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

random = np.random.default_rng(12)


def numbers(array):
    return [float(value) for value in np.asarray(array).ravel()]


groups = [
    [0.91, 0.92, 0.905],
    [0.88, 0.84, 0.86, 0.9],
    [0.7, 0.9, 0.5, 0.65, 0.72],
    [0.3, 0.31, 0.32],
]
differences = [numbers(random.normal(0.4, 1, n).round(3)) for n in (2, 5, 6, 9, 12)]
differences.append([1.0, 1.0, -1.0, 0.0, 2.0])


def sign_flip(values):
    return float(
        stats.permutation_test(
            (values,), np.sum, permutation_type="samples", alternative="two-sided", n_resamples=np.inf
        ).pvalue
    )


def paired(values):
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    return [float(np.mean(values)), float(interval.low), float(interval.high)]


def slope(x, y):
    found = stats.theilslopes(y, x, 0.95)
    return [float(found.slope), float(found.low_slope), float(found.high_slope)]


lines = [
    [numbers(range(1, 11)), numbers((np.arange(10) * 0.3 + random.normal(0, 1, 10)).round(2))],
    [[1, 1, 2, 3, 5, 8], [2.0, 1.0, 1.0, 4.0, 4.0, 9.0]],
    [[1, 2, 3], [0.5, 0.4, 0.45]],
]

# Runs of an incomplete grid of 3 × 2 × 2, one to three a combination.
runs = [
    {"a": a, "b": b, "c": c, "value": float(round(0.1 * i + 0.2 * j * (i == 1) + random.normal(0, 0.1), 3))}
    for i, a in enumerate("xyz")
    for j, b in enumerate("pq")
    for k, c in enumerate("st")
    if (i, j, k) != (2, 1, 0)
    for _ in range(1 + (i + j + k) % 3)
]


def type_two(formula):
    table = anova_lm(formulas.ols(formula, pd.DataFrame(runs)).fit(), typ=2)
    return [[name, float(row["sum_sq"]), float(row["df"])] for name, row in table.iterrows() if name != "Residual"]


print(
    json.dumps(
        {
            "made": f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, seed 12",
            "normalCdf": [[x, float(stats.norm.cdf(x))] for x in (-38, -9, -7.2, -3, -1.96, -0.1, 0, 0.5, 2.5, 8)],
            "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in (1e-15, 1e-5, 0.01, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999)],
            "tCdf": [[t, df, float(stats.t.cdf(t, df))] for t in (-8, -2, -0.3, 0, 1, 3, 40) for df in (1, 2.5, 5, 30, 1000)],
            "tQuantile": [[p, df, float(stats.t.ppf(p, df))] for p in (0.0005, 0.05, 0.5, 0.6, 0.975, 0.9999) for df in (1, 2, 3.7, 11, 200)],
            "fUpperTail": [[f, a, b, float(stats.f.sf(f, a, b))] for f in (0.1, 1, 2.6, 9, 60) for a, b in ((1, 4), (3, 12), (11, 24), (2, 500))],
            "studentizedRangeCdf": [
                [q, k, df if np.isfinite(df) else None, float(stats.studentized_range.cdf(q, k, df))]
                for k in (2, 3, 12, 50, 200)
                for df in (1, 2, 5.5, 24, 100, np.inf)
                for q in (0.5, 2.5, 4, 6.5)
            ],
            "studentizedRangeQuantile": [
                [p, k, df if np.isfinite(df) else None, float(stats.studentized_range.ppf(p, k, df))]
                for p in (0.9, 0.95, 0.99)
                for k, df in ((2, 1), (3, 4), (12, 2), (12, 24), (50, 100), (200, 400), (50, np.inf))
            ],
            "polygamma": [
                [x, float(special.digamma(x)), float(special.polygamma(1, x)), float(special.polygamma(3, x))]
                for x in (0.01, 0.5, 1, 2.5, 9.9, 40, 1000)
            ],
            "groups": groups,
            "pooledVariance": [
                float(sum(np.var(g, ddof=1) * (len(g) - 1) for g in groups) / sum(len(g) - 1 for g in groups)),
                sum(len(g) - 1 for g in groups),
            ],
            "brownForsythe": float(stats.levene(*groups, center="median").pvalue),
            "tukeyKramer": [
                [i, j, float(stats.tukey_hsd(*groups).pvalue[i, j])] for i in range(4) for j in range(i)
            ],
            "welch": [[i, j, float(stats.ttest_ind(groups[i], groups[j], equal_var=False).pvalue)] for i in range(4) for j in range(i)],
            "differences": differences,
            "signFlip": [sign_flip(values) for values in differences],
            "pairedInterval": [paired(values) for values in differences],
            "binomialTest": [[k, n, p, float(stats.binomtest(k, n, p).pvalue)] for k, n, p in ((11, 12, 0.5), (0, 5, 0.5), (3, 6, 0.5), (2, 30, 0.2), (9, 30, 0.2), (700, 1500, 0.45))],
            "wilsonInterval": [
                [k, n, *numbers(proportion_confint(k, n, 0.05, "wilson"))] for k, n in ((0, 6), (6, 6), (3, 10), (41, 700))
            ],
            "clopperPearsonInterval": [
                [k, n, *numbers(proportion_confint(k, n, 0.05, "beta"))] for k, n in ((0, 6), (6, 6), (3, 10), (41, 700), (2600, 5000))
            ],
            "mcNemar": [[a, b, float(mcnemar([[0, a], [b, 0]], exact=True).pvalue)] for a, b in ((3, 9), (0, 6), (5, 5), (40, 61))],
            "fisher": [[a, b, float(stats.fisher_exact([a, b])[1])] for a, b in (([6, 0], [1, 29]), ([3, 3], [3, 3]), ([0, 5], [4, 1]), ([12, 88], [30, 70]))],
            "holm": [[ps, numbers(multipletests(ps, method="holm")[1])] for ps in ([0.01, 0.04, 0.03, 0.005], [0.5, 0.6], [0.02], [0.04, 0.04, 0.0001, 0.9, 0.9])],
            "runs": runs,
            "mainEffects": type_two("value ~ a + b + c"),
            "interactions": type_two("value ~ (a + b + c) ** 2"),
            "theilSen": [[x, y, slope(x, y)] for x, y in lines],
        },
        indent=1,
    )
)
