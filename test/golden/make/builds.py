"""Makes ../horizons.json.gz: golden numbers of several seeds, and how far the original's own builds agree on them.

    python3 builds.py MNIST_FOLDER [CACHE_FOLDER]

Each case runs under several builds of OpenBLAS (core types and thread counts round otherwise) and with initial weights
moved by one unit in the last place; `same` counts the leading points on which all agree: accuracies exactly, losses to a
relative 1e-9. The numbers are the first build's. Losses are kept at every 10th iteration.
"""
import gzip, json, os, subprocess, sys

builds = [("Haswell", 1, 0), ("Sandybridge", 1, 0), ("Prescott", 1, 0), ("Haswell", 1, 1), ("Haswell", 1, 2)]
cases = [("batchnorm-scales", seed, {"norm_from": 13}) for seed in [2, 5, 10, 42, 20261123, 4]]


def run(folder, cache, experiment, seed, options, build):
    core, threads, nudged = build
    arguments = [f"{k}={v}" for k, v in options.items()] + ([f"nudged={nudged}"] if nudged else [])
    name = f"{cache}/{experiment}-{seed}-{core}{threads}-{nudged}.json"
    if not os.path.exists(name):
        env = {**os.environ, "OPENBLAS_CORETYPE": core, "OPENBLAS_NUM_THREADS": str(threads)}
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chapter.py")
        out = subprocess.run([sys.executable, script, folder, experiment, str(seed), *arguments], env=env, check=True, stdout=subprocess.PIPE).stdout
        with open(name, "wb") as file:
            file.write(out)
    with open(name) as file:
        return json.load(file)


def same(metric, a, b):
    if a != a or b != b:
        return (a != a) == (b != b)
    return a == b if metric.endswith("Accuracy") else abs(a - b) <= 1e-9 * abs(a)


def agree(metric, ours, others):
    for i, value in enumerate(ours):
        if not all(same(metric, value, other[i]) for other in others):
            return i
    return len(ours)


def main(folder, cache="."):
    out = []
    for experiment, seed, options in cases:
        results = [run(folder, cache, experiment, seed, options, build) for build in builds]
        series = []
        for name, metrics in results[0].items():
            for metric, y in metrics.items():
                count = agree(metric, y, [result[name][metric] for result in results[1:]])
                if len(y) > 0:
                    series.append({"run": name, "metric": metric, "points": len(y), "same": count, "y": y if metric != "loss" else y[::10]})
        print(experiment, seed, {f"{s['run']} {s['metric']}": s["same"] for s in series if s["same"] < s["points"]}, flush=True)
        out.append({"experiment": experiment, "seed": seed, "options": options, "series": series})
    with gzip.GzipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../horizons.json.gz"), "wb", mtime=0) as file:
        file.write(json.dumps(out).encode())


main(*sys.argv[1:])
