"""The chapter's experiments on MNIST in NumPy, float64: what the golden numbers are made with.

    OPENBLAS_CORETYPE=Haswell OPENBLAS_NUM_THREADS=1 python3 chapter.py MNIST_FOLDER EXPERIMENT SEED [KEY=VALUE ...]

prints {run: {metric: [values]}} as JSON. `python3 -c "import numpy; numpy.show_config()"` tells which BLAS is at work;
other core types and thread counts are other builds, and round otherwise.
"""
import gzip, json, struct, sys
import numpy as np


def idx(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    dims = struct.unpack(">" + "I" * data[3], data[4 : 4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(dims)


def mnist(folder, experiment):
    def split(name):
        images = idx(f"{folder}/{name}-images-idx3-ubyte")
        if not experiment.endswith("-comparison"):
            images = images[:10000]
        # Pixels are float32, as in the original (docs/decisions/0001).
        x = images.reshape(len(images), -1).astype(np.float32) / 255.0
        return x, idx(f"{folder}/{name}-labels-idx1-ubyte")

    return split("train"), split("t10k")


class Net:
    """784 -> hidden... -> 10: Affine, [BatchNorm], ReLU, [Dropout]; then Affine, softmax and cross entropy."""

    def __init__(self, hidden, init="he", decay=0.0, norm=False, drop=0.0):
        sizes = [784, *hidden, 10]
        self.decay, self.norm, self.drop = decay, norm, drop
        self.p = {}
        for i, (n, m) in enumerate(zip(sizes, sizes[1:])):
            scale = np.sqrt(2.0 / n) if init == "he" else np.sqrt(1.0 / n) if init == "xavier" else init
            self.p[f"W{i}"] = scale * np.random.randn(n, m)
            self.p[f"b{i}"] = np.zeros(m)
        self.layers = len(hidden)
        self.running = [[0.0, 0.0] for _ in hidden]
        if norm:
            for i, m in enumerate(hidden):
                self.p[f"g{i}"], self.p[f"B{i}"] = np.ones(m), np.zeros(m)

    def forward(self, x, training):
        p, self.cache = self.p, []
        for i in range(self.layers):
            a = np.dot(x, p[f"W{i}"]) + p[f"b{i}"]
            centred = std = None
            if self.norm:
                running = self.running[i]
                if training:
                    mu = a.mean(axis=0)
                    centred = a - mu
                    var = np.mean(centred**2, axis=0)
                    std = np.sqrt(var + 10e-7)
                    hat = centred / std
                    running[0] = 0.9 * running[0] + (1 - 0.9) * mu
                    running[1] = 0.9 * running[1] + (1 - 0.9) * var
                else:
                    hat = (a - running[0]) / np.sqrt(running[1] + 10e-7)
                normed = p[f"g{i}"] * hat + p[f"B{i}"]
            else:
                hat, normed = None, a
            dead = normed <= 0
            y = normed.copy()
            y[dead] = 0
            mask = None
            if self.drop:
                if training:
                    mask = np.random.rand(*y.shape) > self.drop
                    y = y * mask
                else:
                    y = y * (1.0 - self.drop)
            self.cache.append((x, hat, centred, std, dead, mask))
            x = y
        self.last = x
        return np.dot(x, p[f"W{self.layers}"]) + p[f"b{self.layers}"]

    def loss(self, x, t, training):
        z = self.forward(x, training)
        z = z - z.max(axis=1, keepdims=True)
        self.y = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
        n = len(t)
        sum_ = sum(0.5 * self.decay * np.sum(self.p[f"W{i}"] ** 2) for i in range(self.layers + 1))
        return -np.sum(np.log(self.y[np.arange(n), t] + 1e-7)) / n + sum_

    def gradient(self, x, t):
        self.loss(x, t, True)
        p, g, n = self.p, {}, len(t)
        d = self.y.copy()
        d[np.arange(n), t] -= 1
        d /= n
        i = self.layers
        g[f"W{i}"], g[f"b{i}"] = np.dot(self.last.T, d), d.sum(axis=0)
        d = np.dot(d, p[f"W{i}"].T)
        for i in reversed(range(self.layers)):
            x, hat, centred, std, dead, mask = self.cache[i]
            if mask is not None:
                d = d * mask
            d[dead] = 0
            if self.norm:
                g[f"B{i}"], g[f"g{i}"] = d.sum(axis=0), np.sum(hat * d, axis=0)
                dhat = p[f"g{i}"] * d
                dc = dhat / std
                dvar = 0.5 * -np.sum((dhat * centred) / (std * std), axis=0) / std
                dc += (2.0 / n) * centred * dvar
                d = dc - dc.sum(axis=0) / n
            g[f"W{i}"], g[f"b{i}"] = np.dot(x.T, d), d.sum(axis=0)
            if i > 0:
                d = np.dot(d, p[f"W{i}"].T)
        for i in range(self.layers + 1):
            g[f"W{i}"] = g[f"W{i}"] + self.decay * p[f"W{i}"]
        return g

    def accuracy(self, x, t):
        return float(np.sum(np.argmax(self.forward(x, False), axis=1) == t) / len(t))


def nudge(nets, number):
    """Moves every initial weight by one unit in its last place, up or down by coin `number`; 0 leaves all as they are."""
    coin = np.random.RandomState(number)
    for net in nets if number else []:
        for k in net.p:
            if k[0] == "W":
                way = np.where(coin.rand(*net.p[k].shape) < 0.5, -np.inf, np.inf)
                net.p[k] = np.nextafter(net.p[k], way)
    return nets


class Rule:
    """An update rule at its defaults."""

    def __init__(self, name, lr):
        self.name, self.lr, self.s, self.t = name, lr, {}, 0

    def update(self, p, g):
        self.t += 1
        for k in p:
            a, b = self.s.setdefault(k, (np.zeros_like(p[k]), np.zeros_like(p[k])))
            if self.name == "SGD":
                p[k] -= self.lr * g[k]
            elif self.name == "Momentum":
                a *= 0.9
                a -= self.lr * g[k]
                p[k] += a
            elif self.name == "AdaGrad":
                a += g[k] * g[k]
                p[k] -= self.lr * g[k] / (np.sqrt(a) + 1e-7)
            elif self.name == "RMSprop":
                a *= 0.99
                a += (1 - 0.99) * g[k] * g[k]
                p[k] -= self.lr * g[k] / (np.sqrt(a) + 1e-7)
            elif self.name == "Adam":
                lr_t = self.lr * np.sqrt(1.0 - 0.999**self.t) / (1.0 - 0.9**self.t)
                a += (1 - 0.9) * (g[k] - a)
                b += (1 - 0.999) * (g[k] ** 2 - b)
                p[k] -= lr_t * a / (np.sqrt(b) + 1e-7)


def race(data, names, nets, iterations):
    """Several nets on the same minibatches: the loss of each after its update."""
    (x, t), _ = data
    rules = [Rule(name, 0.001 if name == "Adam" else 0.01) for name in names]
    losses = [[] for _ in nets]
    for _ in range(iterations):
        chosen = np.random.choice(len(x), 128)
        for net, rule, out in zip(nets, rules, losses):
            rule.update(net.p, net.gradient(x[chosen], t[chosen]))
            out.append(float(net.loss(x[chosen], t[chosen], True)))
    return losses


def learn(data, net, rows, iterations, every, seen, loss=False):
    """One net on the first rows by SGD: accuracies after every so many iterations, and the loss in evaluation mode."""
    (x, t), test = data
    x, t = x[:rows], t[:rows]
    out = {name: [] for name in [*seen, *(["loss"] if loss else [])]}
    for i in range(iterations):
        chosen = np.random.choice(rows, 100)
        Rule("SGD", 0.01).update(net.p, net.gradient(x[chosen], t[chosen]))
        if loss:
            out["loss"].append(float(net.loss(x[chosen], t[chosen], False)))
        if i % every == 0:
            for name in seen:
                out[name].append(net.accuracy(*((x, t) if name == "trainAccuracy" else test)))
    return out


def run(experiment, seed, data, iterations=None, optimizers="SGD,Momentum,AdaGrad,Adam", trials=100, norm_from=None, nudged=0):
    np.random.seed(seed)
    if experiment == "optimizer-comparison":
        names = optimizers.split(",")
        nets = nudge([Net([100] * 4) for _ in names], nudged)
        return {name: {"loss": y} for name, y in zip(names, race(data, names, nets, iterations or 2000))}
    if experiment == "init-comparison":
        inits = {"std=0.01": 0.01, "Xavier": "xavier", "He": "he"}
        nets = [Net([100] * 4, init) for init in inits.values()]
        return {k: {"loss": y} for k, y in zip(inits, race(data, ["SGD"] * 3, nets, iterations or 2000))}
    if experiment == "batchnorm-scales":
        (x, t), _ = data
        x, t, out = x[:1000], t[:1000], {}
        for number, scale in enumerate(np.logspace(0, -4, num=16)):
            nets = nudge([Net([100] * 5, scale, norm=True), Net([100] * 5, scale)], nudged)
            kept = [[], []]
            for i in range(191):
                chosen = np.random.choice(1000, 100)
                # With norm_from, only the nets with BatchNorm from that scale on: the others agree in every build.
                wanted = [True, True] if norm_from is None else [number >= norm_from, False]
                for net, y in [both for both, w in zip(zip(nets, kept), wanted) if w]:
                    Rule("SGD", 0.01).update(net.p, net.gradient(x[chosen], t[chosen]))
                    if i % 10 == 0:
                        y.append(net.accuracy(x, t))
            for name, y in zip(["batchnorm", "plain"], kept):
                out[f"{name} {scale:.6g}"] = {"trainAccuracy": y}
        return out
    both = ["trainAccuracy", "testAccuracy"]
    if experiment == "weight-decay":
        out = {}
        for decay in [0.1, 0]:
            np.random.seed(seed)
            out[f"decay={decay}"] = learn(data, Net([100] * 6, decay=decay), 300, iterations or 601, 3, both)
        return out
    if experiment == "dropout":
        out = {}
        for ratio in [0.2, 0]:
            np.random.seed(seed)
            net = Net([100] * 6, drop=ratio)
            out[f"dropout={ratio}"] = learn(data, net, 300, iterations or 903, 3, both, loss=True)
        return out
    if experiment == "hyperparameter-search":
        (x, t), _ = data
        order = np.random.permutation(500)
        held, kept = order[:100], order[100:]
        out = {}
        for trial in range(trials):
            decay = 10 ** np.random.uniform(-8, -4)
            lr = 10 ** np.random.uniform(-6, -2)
            net = Net([100] * 6, decay=decay)
            y = {"trainAccuracy": [], "valAccuracy": []}
            for i in range(200):
                chosen = kept[np.random.choice(400, 100)]
                Rule("SGD", lr).update(net.p, net.gradient(x[chosen], t[chosen]))
                if i % 4 == 0:
                    y["trainAccuracy"].append(net.accuracy(x[kept], t[kept]))
                    y["valAccuracy"].append(net.accuracy(x[held], t[held]))
            out[f"trial {trial}"] = y
        return out
    raise SystemExit(f"no experiment {experiment}")


if __name__ == "__main__":
    folder, experiment, seed, *rest = sys.argv[1:]
    options = dict(pair.split("=", 1) for pair in rest)
    options = {k: int(v) if v.isdigit() else v for k, v in options.items()}
    with np.errstate(all="ignore"):
        print(json.dumps(run(experiment, int(seed), mnist(folder, experiment), **options)))
