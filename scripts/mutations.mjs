// biome-ignore-all lint/suspicious/noTemplateCurlyInString: pieces of source code, templates among them
// Faults to be planted, one at a time: a file below src, what the fault is, the text it replaces (which stands there exactly
// once) and the text it puts there. Each list is caught by its own check: see scripts/mutate.mjs.

/** Each breaks a backward pass; the gradient check of the command line must say no. */
export const gradientFaults = [
  ["nn/affine.ts", "dW is not computed", "kernels.matmulTN(grads.W, this.x, dy);", ""],
  ["nn/affine.ts", "db is not computed", "kernels.columnSums(grads.b, dy);", ""],
  [
    "nn/affine.ts",
    "dx uses the wrong tensor",
    "kernels.matmulNT(dx, dy, params.W);",
    "kernels.matmulNT(dx, dy, grads.W);",
  ],
  [
    "nn/activation.ts",
    "no activation's gradient is applied",
    "this.applyBackward(this.memory.kernels, dy, dy, this.y);",
    "",
  ],
  [
    "nn/activation.ts",
    "ReLU's gradient is sigmoid's",
    "kernels.reluBackward(dx, dy, y);",
    "kernels.sigmoidBackward(dx, dy, y);",
  ],
  [
    "nn/activation.ts",
    "sigmoid's gradient is tanh's",
    "kernels.sigmoidBackward(dx, dy, y);",
    "kernels.tanhBackward(dx, dy, y);",
  ],
  [
    "nn/activation.ts",
    "tanh's gradient is sigmoid's",
    "kernels.tanhBackward(dx, dy, y);",
    "kernels.sigmoidBackward(dx, dy, y);",
  ],
  [
    "nn/batch-norm.ts",
    "the batch's statistics are taken as constants",
    "d, xHat, buffers.invStd, params.gamma);",
    "d, xHat, buffers.variance, params.gamma);",
  ],
  ["nn/batch-norm.ts", "dγ and dβ are swapped", "(d, grads.gamma, grads.beta, d,", "(d, grads.beta, grads.gamma, d,"],
  ["nn/dropout.ts", "the mask is not applied", "kernels.multiply(dy, dy, batch.mask.at(dy.rows));", ""],
  [
    "nn/losses/cross-entropy.ts",
    "the wrong rows",
    "kernels.softmaxCrossEntropyBackward(out, work.at(rows), labels as IntTensor);",
    "",
  ],
  ["nn/penalty.ts", "weight decay has no gradient", "kernels.axpy(grad, l2, value);", ""],
  ["nn/penalty.ts", "weight decay reaches the biases", "if (shape.decays && l2 !== 0)", "if (l2 !== 0)"],
  ["kernels/reference.ts", "ReLU lets negatives through", "DX[i] = Y[i] <= 0 ? 0 : DY[i];", "DX[i] = DY[i];"],
  [
    "kernels/reference.ts",
    "sigmoid's slope",
    "DX[i] = (1 - Y[i]) * Y[i] * DY[i];",
    "DX[i] = (1 + Y[i]) * Y[i] * DY[i];",
  ],
  ["kernels/reference.ts", "tanh's slope", "DX[i] = (1 - Y[i] * Y[i]) * DY[i];", "DX[i] = (1 - Y[i]) * DY[i];"],
  [
    "kernels/reference.ts",
    "softmax's gradient is not a mean",
    "DX[i * n + j] = (P[i * n + j] - target) / m;",
    "DX[i * n + j] = P[i * n + j] - target;",
  ],
  [
    "kernels/reference.ts",
    "BatchNorm's mean has no gradient",
    "(m * DY[i * n + j] - db[j] - H[i * n + j] * dg[j])",
    "(m * DY[i * n + j] - H[i * n + j] * dg[j])",
  ],
  [
    "kernels/reference.ts",
    "BatchNorm's variance has no gradient",
    "(m * DY[i * n + j] - db[j] - H[i * n + j] * dg[j])",
    "(m * DY[i * n + j] - db[j])",
  ],
  [
    "kernels/reference.ts",
    "BatchNorm's γ is left out of dx",
    "(gamma.data[j] * invStd.data[j]) / m",
    "invStd.data[j] / m",
  ],
  ["kernels/reference.ts", "dγ leaves x̂ out", "dg[j] += H[i * n + j] * DY[i * n + j];", "dg[j] += DY[i * n + j];"],
];

/** Each breaks what is measured, told, read or kept; the named tests must turn red. */
export const otherFaults = [
  {
    tests: ["src/nn/network-text.test.ts"],
    faults: [
      [
        "nn/network-text.ts",
        "a name takes its number from the next word's place",
        "words[isName ? ++i : i]",
        "words[i]",
      ],
      ["nn/layer-words.ts", "a pool overlaps", 'as: { stride: "size" }', "as: {}"],
      ["nn/layer-words.ts", "a maxout leaves all channels", "image.channels / pieces", "image.channels"],
      [
        "nn/layer-words.ts",
        "images are normalized by column",
        "madeImage && image !== null ? image : columns",
        "columns",
      ],
      ["nn/build-network.ts", "what the text says of rows is forgotten", "imageBehind(at.image, spec)", "at.image"],
      ["nn/build-network.ts", "values within are those of the last layer", "sum + outputSize", "outputSize"],
    ],
  },
  {
    // Each backward pass of a layer that the command's gradient check does not reach.
    tests: ["src/nn/layers.test.ts"],
    faults: [
      ["kernels/reference.ts", "no slope is applied", "DX[i] = slope(X[i], Y[i]) * DY[i];", "DX[i] = DY[i];"],
      ["kernels/pointwise.ts", "GELU's slope leaves out the density", "below(x) + x * density(x)", "below(x)"],
      ["kernels/pointwise.ts", "SiLU's slope is sigmoid's value", "y + sigmoid(x) * (1 - y)", "sigmoid(x)"],
      ["nn/prelu.ts", "the slope has no gradient", "da[i % a.length] += value * dy.data[i];", ""],
      [
        "nn/maxout.ts",
        "the gradient goes to the first piece",
        "this.largest(this.x, i * this.pieces)",
        "i * this.pieces",
      ],
      [
        "nn/layer-norm.ts",
        "the mean's share of dx is left out",
        "- mean - xHat[row + j] * along",
        "- xHat[row + j] * along",
      ],
      ["nn/layer-norm.ts", "β has no gradient", "dBeta[j] += d;", ""],
      [
        "nn/rms-norm.ts",
        "the size's share of dx is left out",
        " - xHat[row + j] * along) * invRms[i]",
        ") * invRms[i]",
      ],
      ["nn/rms-norm.ts", "γ has no gradient", "dGamma[j] += h * d;", ""],
      ["kernels/reference.ts", "a convolution's db is not computed", "loops.columnSums(db, d);", ""],
      ["kernels/reference.ts", "a convolution's dW is not computed", "loops.matmulTN(dw, patchesOf(x, over), d);", ""],
      [
        "nn/conv2d.ts",
        "dx is not computed",
        "kernels.convolveBackward(dx, buffers.patches, dy, params.W, this.over);",
        "",
      ],
      [
        "kernels/reference-windows.ts",
        "a pixel has the gradient of one of its places",
        "dx[at + c] += patches[from];",
        "dx[at + c] = patches[from];",
      ],
      [
        "kernels/reference-windows.ts",
        "the left border is not cut",
        "const inside = y >= 0 && y < height && x >= 0",
        "const inside = y >= 0 && y < height && x >= -1",
      ],
      [
        "kernels/reference-windows.ts",
        "the maximum's gradient goes to the first place",
        "dx[largest(x, among)] += dy[from];",
        "dx[among[0]] += dy[from];",
      ],
      [
        "kernels/reference-windows.ts",
        "the mean's gradient is not shared out",
        "const share = dy[from++] / over.size ** 2;",
        "const share = dy[from++];",
      ],
      ["nn/residual.ts", "the way around has no gradient", "kernels.axpy(skip, 1, through);", "return through;"],
    ],
  },
  {
    tests: ["test/golden/torch-optimizers.test.ts", "test/conformance/paper-rules.test.ts"],
    faults: [
      [
        "optim/rules/nadam.ts",
        "μ_t stands once in the second divisor",
        "1 - product * mu * next",
        "1 - product * next",
      ],
      ["optim/rules/radam.ts", "it is rectified from 4 on", "where(rho - 5,", "where(rho - 4,"],
      ["optim/rules/prodigy.ts", "the estimate may shrink", "where(far - d, far, d)", "far"],
    ],
  },
  // What is measured.
  {
    tests: ["src/train", "src/experiments/sandbox/measure.test.ts"],
    faults: [
      [
        "train/evaluate.ts",
        "the last, short block is dropped",
        "from < count; from += this.rows",
        "from + this.rows <= count; from += this.rows",
      ],
      [
        "train/accuracy.ts",
        "accuracy is a count of errors",
        "right += data[i] === block.labels.data[i] ? 1 : 0;",
        "right += data[i] !== block.labels.data[i] ? 1 : 0;",
      ],
      [
        "train/evaluate.ts",
        "a network is evaluated in training mode",
        'network.forward(batch.x, "evaluate")',
        'network.forward(batch.x, "train")',
      ],
      [
        "train/diagnostics.ts",
        "the update's size is not a root",
        "return Math.sqrt(change / size);",
        "return change / size;",
      ],
      [
        "train/diagnostics.ts",
        "a unit counts as dead by its first row",
        "for (let from = 0; from < values.length; from += width)",
        "for (let from = 0; from < width; from += width)",
      ],
      [
        "train/diagnostics.ts",
        "a filter's pixels are units of their own",
        "Math.min(output.cols, weights.value.cols)",
        "output.cols",
      ],
      [
        "train/diagnostics.ts",
        "living units are counted as dead",
        "count + (unit === 0 ? 1 : 0)",
        "count + (unit === 0 ? 0 : 1)",
      ],
      [
        "train/diagnostics.ts",
        "sigmoid's ends are tanh's",
        'kind === "sigmoid" ? [0.02, 0.98]',
        'kind === "tanh" ? [0.02, 0.98]',
      ],
      [
        "train/diagnostics.ts",
        "weights with a gradient sleep",
        "const rests = Math.abs(grad.data[i]) < bound && ",
        "const rests = ",
      ],
    ],
  },
  {
    tests: ["src/experiments/sandbox/measure.test.ts"],
    faults: [
      [
        "experiments/sandbox/measure.ts",
        "the loss is not weighted by rows",
        "loss += rows * (network.loss",
        "loss += evaluator.rows * (network.loss",
      ],
      [
        "experiments/sandbox/measure.ts",
        "rows and columns of the confusions are swapped",
        "counts[labels.data[i] * classes + found.data[i]]++",
        "counts[found.data[i] * classes + labels.data[i]]++",
      ],
    ],
  },
  {
    tests: ["src/experiments/sandbox"],
    faults: [
      [
        "experiments/sandbox/measured.ts",
        "an error is told in deviations instead of the number's unit",
        "testRmse: tested.rmse * std",
        "testRmse: tested.rmse",
      ],
      [
        "experiments/sandbox/measure.ts",
        "each block is held against the first rows' numbers",
        "wanted.data[from + i]",
        "wanted.data[i]",
      ],
      [
        "experiments/sandbox/plane-look.ts",
        "a surface is seen upside down",
        "(data[i] * std[0] + mean[0] - low)",
        "(high - data[i] * std[0] - mean[0])",
      ],
      [
        "experiments/sandbox/prepare.ts",
        "numbers are scaled by the test rows too",
        "const scales = columnScales(rows, train);\n  const scaled",
        "const scales = columnScales(rows, Int32Array.from([...train, ...test]));\n  const scaled",
      ],
      ["experiments/sandbox/model-of.ts", "a file of numbers forgets their mean", "mean, std };", "mean: [0], std };"],
      [
        "experiments/sandbox/run.ts",
        "numbers of other rows are learnt",
        "{ values: told.train }",
        "{ values: told.test! }",
      ],
    ],
  },
  {
    tests: ["src/nn"],
    faults: [
      ["nn/dropout.ts", "inverted Dropout is scaled by 1/ratio", "1 / (1 - this.ratio)", "1 / this.ratio"],
      ["nn/dropout.ts", "evaluation is not scaled", 'this.variant === "book" ? 1 - this.ratio : 1', "1"],
      ["nn/dropout.ts", "the ratio is the share that is kept", "random.double() - ratio", "ratio - random.double()"],
    ],
  },
  // What a reader is told.
  {
    tests: ["src/experiments/accuracy-figure.test.ts"],
    faults: [
      [
        "experiments/accuracy-figure.ts",
        "the lower test accuracy is called the higher",
        "Number(regular[2]) > Number(plain[2])",
        "Number(regular[2]) < Number(plain[2])",
      ],
      [
        "experiments/accuracy-figure.ts",
        "the wider gap is called the narrower",
        "Math.abs(Number(regular[3])) < Math.abs(Number(plain[3])) - noGap",
        "Math.abs(Number(regular[3])) > Math.abs(Number(plain[3])) - noGap",
      ],
      ["experiments/accuracy-figure.ts", "the gap is test minus training", "train - test];", "test - train];"],
    ],
  },
  {
    tests: ["src/experiments/findings.test.ts"],
    faults: [
      [
        "experiments/divergence.ts",
        "a network whose numbers are gone is set against one that has some",
        "&& brokenAt(record, one) === undefined",
        "",
      ],
      [
        "experiments/divergence.ts",
        "runs of different lengths are set against each other",
        "one.x.at(-1) === first.x.at(-1) &&",
        "",
      ],
      [
        "experiments/ch06/hyperparameter-search.ts",
        "the best by chance press on a bound",
        "trials[Math.floor(trials.length / 2)].validation",
        "-1",
      ],
      [
        "experiments/next/schedules.ts",
        "a rate that stayed explains a lower loss",
        "kept !== null && rate < kept",
        "kept !== null",
      ],
      [
        "experiments/next/lr-find.ts",
        "the end of a test is its lowest point",
        "suggested !== null && lowest",
        "lowest < 0 && lowest",
      ],
      [
        "experiments/loss-figure.ts",
        "a curve lies wholly above its axis",
        "top >= asked && top > seen",
        "top >= asked",
      ],
    ],
  },
  {
    tests: ["src/search/objectives/table.test.ts"],
    faults: [
      [
        "search/objectives/table.ts",
        "an attempt that goes on begins its folds anew",
        "? [...left.values] : []",
        "? [] : []",
      ],
      ["search/objectives/table.ts", "each fold is the first", "await fold(values.length)", "await fold(0)"],
    ],
  },
  {
    tests: ["src/model/folds.test.ts"],
    faults: [
      [
        "model/folds.ts",
        "without a header the first row is in no fold",
        "const first = header ? 1 : 0;",
        "const first = 1;",
      ],
      ["model/folds.ts", "a fold may be empty", "max: csv.rows - first }", "max: csv.rows }"],
      ["model/folds.ts", "the seed is not heeded", "RandomStream.seeded(seed)", "RandomStream.seeded(0)"],
    ],
  },
  {
    tests: ["src/experiments/horizon.test.ts", "src/experiments/overlay.test.ts"],
    faults: [
      [
        "experiments/horizon.ts",
        "an accuracy may be apart as a loss may",
        'metric.endsWith("Accuracy")',
        'metric.endsWith("accuracy")',
      ],
      [
        "experiments/horizon.ts",
        "those that do not part are counted",
        "horizonOf(record, series) !== undefined",
        "horizonOf(record, series) === undefined",
      ],
      [
        "experiments/overlay.ts",
        "panels that not every run has are paired by their place",
        "(length === 1 || ofRuns.length === parts.length)",
        "true",
      ],
      [
        "experiments/compare.ts",
        "kernels are told beside what differs otherwise",
        'name !== "kernels" || rows.length === 1',
        "true",
      ],
      ["experiments/compare.ts", "the element type tells no runs apart", "dtype: engine.dtype,", ""],
    ],
  },
  {
    tests: ["src/data/csv/date-text.test.ts"],
    faults: [
      [
        "data/csv/date-text.ts",
        "a date with points begins with the month",
        'const day = mark === "." || order',
        "const day = order",
      ],
      ["data/csv/date-text.ts", "a minute has 61", "h > 24 || m > 59", "h > 24 || m > 60"],
      ["data/csv/date-text.ts", "the year 26 is 1926", "back.getUTCFullYear() !== year", "false"],
      ["data/csv/date-text.ts", "a zone's minutes are seconds", "+ 60 * Number(minutes))", "+ Number(minutes))"],
      ["data/csv/date-text.ts", "a date alone lacks a zone", "timed && offset === null", "offset === null"],
      ["data/csv/date-text.ts", "24:00 is no time", "(h === 24 && m + s > 0)", "h === 24"],
      ["data/csv/date-text.ts", "points tell the order", 'mark !== undefined && mark !== "."', "mark !== undefined"],
      ["data/csv/date-text.ts", "12 is no month", "if (Number(first) > 12)", "if (Number(first) >= 12)"],
    ],
  },
  {
    tests: ["src/formats/npy.test.ts"],
    faults: [
      ["formats/npy.ts", "a version between two is taken", "bytes[7] !== 0", "false"],
      ["formats/zip.ts", "of two files of one name the last is taken", "if (names.has(file))", "if (false)"],
      [
        "formats/zip.ts",
        "a comment is taken for the directory's end",
        "at + endLength + view.getUint16(at + 20, true) === view.byteLength",
        "true",
      ],
    ],
  },
  {
    tests: ["src/model/held-back.test.ts"],
    faults: [
      ["model/held-back.ts", "folds overlap", "i % fold.of === fold.fold", "i % fold.of <= fold.fold"],
      [
        "model/held-back.ts",
        "a fold takes rows whatever their class",
        "inOrder.flat().filter((_, i) => i %",
        "inOrder.flat().filter((i) => i %",
      ],
      [
        "model/kept-epoch.ts",
        "the last of equal epochs is kept",
        "value > best : value < best",
        "value >= best : value < best",
      ],
      ["model/kept-epoch.ts", "the last epoch is kept whatever was best", "return kept < 0 ?", "return true ?"],
    ],
  },
  {
    tests: ["src/experiments/seeds.test.ts", "src/search/views"],
    faults: [
      ["experiments/seeds.ts", "the median is the smallest", "median: at(50)", "median: at(0)"],
      ["experiments/seeds.ts", "the band's ends are swapped", "low: at(10)", "low: at(90)"],
      ["experiments/seeds.ts", "the deviation divides by n", "/ (values.length - 1)", "/ values.length"],
      [
        "search/views/edge.ts",
        "the upper bound is called the lower",
        'mean >= 0.8 ? "upper" : "lower"',
        'mean >= 0.8 ? "lower" : "upper"',
      ],
      [
        "search/views/edge.ts",
        "infeasible trials press on a bound",
        "rankedTrials(study).filter(isFeasible)",
        "rankedTrials(study)",
      ],
    ],
  },
  {
    tests: ["src/figure/ticks.test.ts", "src/figure/domain.test.ts"],
    faults: [
      ["figure/ticks.ts", "two ticks have the digits of one", "powerOfTen(value) - powerOfTen(step)", "0"],
      ["figure/ticks.ts", "a tick of one's own is rounded", "?? powers[2]", "&& powers[0]"],
      ["figure/ticks.ts", "a zero has a sign", "value < 0 && Number(value.toFixed(decimals)) !== 0", "value < 0"],
      ["figure/ticks.ts", "a large power is written out", "round < 10_000", "round < 100_000"],
      ["figure/domain.ts", "half of a map's first cell is cut", "take(at[0] - half);", "take(at[0]);"],
      ["figure/domain.ts", "a large number has no range", "Math.max(0.5, Math.abs(value) / 1e6)", "0.5"],
      ["figure/domain.ts", "a lying bar is cut", "take(y - layer.height / 2);", "take(y);"],
    ],
  },
  {
    tests: ["src/figure/tick-text.test.ts"],
    faults: [["figure/ticks.ts", "the ends of a scale are alike", "while (digits < 17 &&", "while (digits < 3 &&"]],
  },
  {
    tests: ["src/runs/session.test.ts", "src/runs/task-pool.test.ts"],
    faults: [
      ["runs/session.ts", "a run that failed is done", 'failed ? "failed" : "done"', '"done"'],
      ["runs/session.ts", "the seconds before are forgotten", "(before?.seconds.train ?? 0)", "0"],
      ["runs/session.ts", "what ended is run again", ".filter((i) => !replay.ended(i))", ""],
      [
        "runs/session.ts",
        "a run that is left open is ended",
        "leaves ? null : { status, seconds }",
        "{ status, seconds }",
      ],
      ["runs/task-pool.ts", "a dead worker is given tasks", "while (worker?.gone)", "while (false)"],
      ["runs/task-pool.ts", "tasks begin after the stop", " && !either.aborted) {", ") {"],
    ],
  },
  {
    tests: ["src/experiments/report.test.ts"],
    faults: [
      [
        "experiments/report.ts",
        "kernels that no command takes",
        'startsWith("native") ? "native" :',
        'startsWith("x") ? "x" :',
      ],
      ["experiments/report.ts", "the preset is left out", 'preset === "book" ? [] :', 'preset !== "" ? [] :'],
      ["experiments/divergence.ts", "a curve breaks with another", " && JSON.stringify(one.tags) === key", ""],
      ["experiments/note-text.ts", "a tag in all its digits", "value.toPrecision(3)", "value.toPrecision(12)"],
    ],
  },
  {
    tests: ["src/data/csv/csv.test.ts"],
    faults: [["data/csv/separator.ts", "any word parts cells", "[...wanted].length !== 1 || ", ""]],
  },
  {
    tests: ["test/field/memory.test.ts"],
    faults: [["experiments/memory.ts", "half the memory is there", "* bytesPerElement[dtype]) / 8", "* 4) / 8"]],
  },
  {
    tests: ["src/figure/end-names.test.ts"],
    faults: [
      [
        "figure/end-names.ts",
        "a name is cut by the panel's end",
        "end.x + nameWidth(end.text) > right + 4",
        "end.x > right + 4",
      ],
    ],
  },
  {
    tests: ["src/figure/drawing/contour-lines.test.ts"],
    faults: [
      [
        "figure/drawing/finer.ts",
        "heights ring at a step",
        "if (!(one * other > 0)) {",
        "if (one !== other) {\n    return known;\n  }\n  if (!(one * other > 0)) {",
      ],
      [
        "figure/drawing/contour-lines.ts",
        "islands of the grid are drawn",
        ".filter((line) => !isIsland(line, times))",
        ".filter((line) => line.length > 1)",
      ],
    ],
  },
  {
    tests: ["src/figure/layout.test.ts"],
    faults: [
      [
        "figure/layout.ts",
        "a row is as high as its first panel's plot",
        "height: largestOf(planesOf(row).map(",
        "height: largestOf(planesOf(row).slice(0, 1).map(",
      ],
      [
        "figure/drawing/plane-place.ts",
        "each panel keeps room for its own names alone",
        ", right: box.plot.right }",
        " }",
      ],
    ],
  },
  {
    tests: ["src/experiments/lesson.test.ts"],
    faults: [
      [
        "experiments/ch06/lesson/dropout.ts",
        "a curve at rest is said to rise",
        "last - then > 0.01",
        "last - then > -1",
      ],
    ],
  },
  {
    tests: ["src/server/addresses.test.ts"],
    faults: [
      ["server/addresses.ts", "a name is taken for loopback", "/^127(\\.\\d{1,3}){3}$/", "/^127/"],
      ["server/addresses.ts", "the usual port must be named", "port === 80 ?", "port === 81 ?"],
    ],
  },
  {
    tests: ["src/figure/thin.test.ts"],
    faults: [
      ["figure/thin.ts", "a column loses its last point", "if (last > b) {", "if (last < 0) {"],
      ["figure/thin.ts", "a hidden mark is drawn above", "taken.delete(key);", ""],
      ["figure/thin.ts", "the last place is left out", "if (count > 0 && places", "if (count < 0 && places"],
      ["figure/thin.ts", "a bar is as high as the last within", "most = Math.max(most, count);", "most = count;"],
    ],
  },
  {
    tests: ["src/figure/smooth.test.ts"],
    faults: [
      ["figure/smooth.ts", "the window is not normalised", "raw.map((w) => w / total)", "raw"],
      ["figure/smooth.ts", "the left end repeats its first point", "at < 0 ? -at :", "at < 0 ? -at - 1 :"],
    ],
  },
  {
    tests: ["src/figure/drawing/svg-context.test.ts"],
    faults: [
      ["figure/drawing/svg-context.ts", "a clipped group is never ended", 'this.parts.push("</g>");\n        }', "}"],
      ["figure/drawing/svg-context.ts", "a fill is painted over its stroke", "filled.path === this.path;", "false;"],
      [
        "figure/drawing/svg-context.ts",
        "a break in a line is joined",
        "if (point !== this.end) {",
        'if (this.end === "") {',
      ],
      ["figure/drawing/svg-context.ts", "what is pale is not", "(alpha === 1 ?", "(alpha <= 1 ?"],
      ["figure/drawing/svg-context.ts", "words are not turned", 'turned === 0 ? ""', 'turned < 999 ? ""'],
      [
        "figure/drawing/svg-context.ts",
        "a small marker has a thin line",
        "this.strokeAttributes(1 / size)",
        "this.strokeAttributes(1)",
      ],
    ],
  },
  // What is read.
  {
    tests: ["src/data"],
    faults: [
      ["data/standardize.ts", "a constant column is what it is", "if (constant?.[j]) {", "if (false as boolean) {"],
      [
        "data/standardize.ts",
        "the mean is not taken away",
        "const distance = value - mean[j];",
        "const distance = value;",
      ],
      [
        "data/check-split.ts",
        "a label as large as the number of classes is taken",
        "labels[row] >= classes",
        "labels[row] > classes",
      ],
      ["data/check-split.ts", "negative labels are taken", " || labels[row] < 0", ""],
      [
        "data/check-split.ts",
        "too few labels are taken",
        "if (labels.length !== count) {",
        "if (labels.length > count) {",
      ],
      ["data/check-split.ts", "one value that is not finite is overlooked", "if (sum !== 0) {", "if (sum > 0) {"],
      ["data/check-split.ts", "the row is not counted by its width", "rowName(Math.floor(at / width))", "rowName(at)"],
    ],
  },
  {
    tests: ["test/field/classic-tables.test.ts", "test/field/other-spellings.test.ts"],
    faults: [
      [
        "data/csv/encoded-table.ts",
        "names of rows are learnt from",
        "&& namesRows(facts[j], names[j], decimal)",
        "&& namesRows === undefined",
      ],
      [
        "data/csv/row-names.ts",
        "an id with fractions names rows",
        "if (!numbers.every(Number.isSafeInteger)) {",
        "if (false) {",
      ],
      ["data/csv/row-names.ts", "numbers in any order count rows", "value === first + i", "value >= first - i"],
      ["data/csv/csv-reader.ts", "R's header is not moved", 'this.rows[0].unshift("");', 'this.rows[0].push("");'],
      ["data/csv/csv-reader.ts", "measured columns are names of rows", " && numbers.every(Number.isSafeInteger)", ""],
      [
        "data/csv/csv-reader.ts",
        "an empty row within is one at the end",
        "this.rows.findLastIndex(",
        "this.rows.findIndex(",
      ],
      ["data/csv/numeral.ts", "lakhs are in pairs throughout", "(?:,\\d\\d)+,\\d{3}", "(?:,\\d\\d)+,\\d\\d"],
      ["data/csv/other-forms.ts", "a table of times is LIBSVM", "!/^\\d\\d$/.test(value)", "value !== null"],
      ["data/csv/word-place.ts", "the first of several is meant", "places.length === 1", "places.length > 0"],
      [
        "data/csv/word-place.ts",
        "words of any numbers are answers",
        "words.every((one) => answerOf(one) !== null) && ",
        "",
      ],
    ],
  },
  {
    tests: [
      "src/core/csv.test.ts",
      "src/runs/outputs.test.ts",
      "src/web/shelf/transfer.test.ts",
      "test/field/provenance.test.ts",
    ],
    faults: [
      ["core/csv.ts", "quotes are not doubled", "text.replaceAll('\"', '\"\"')", "text"],
      ["core/csv.ts", "a formula is not guarded", "formula.test(cell) && !isNumeral(cell) ? `'${cell}` : cell", "cell"],
      ["core/csv.ts", "the guard is not taken off again", "guarded.test(value) ? value.slice(1) : value", "value"],
      [
        "experiments/compare.ts",
        "runs that are compared share a label",
        "new Set(names).size === names.length) ?? ids",
        "new Set(names).size > 0) ?? ids",
      ],
      [
        "experiments/compare.ts",
        "data sets are told apart by name only",
        "`${name} ${fingerprint.slice(0, 8)}`",
        "`${name}`",
      ],
      ["core/record-shape.ts", "places and values may differ in number", " || y.length !== x.length", ""],
      ["web/shelf/transfer.ts", "an id may be a path", "textLike(/^[\\w-]{1,60}$/, isId)", "textLike(/./, isId)"],
    ],
  },
  // What is kept.
  {
    tests: ["src/search/percentile-judge.test.ts", "test/conformance/pruners.test.ts", "test/golden/optuna.test.ts"],
    faults: [
      [
        "search/intermediate.ts",
        "the best value of a trial is its worst",
        'direction === "minimize" ? value >= best : value <= best',
        'direction === "minimize" ? value <= best : value >= best',
      ],
      [
        "search/percentile-judge.ts",
        "what is at the bar is pruned",
        "sign(direction) * best > sign(direction) * bar",
        "sign(direction) * best >= sign(direction) * bar",
      ],
      [
        "search/rungs.ts",
        "rungs come too early",
        "settings.reductionFactor ** (settings.minEarlyStoppingRate + rung)",
        "settings.reductionFactor ** rung",
      ],
    ],
  },
  {
    tests: ["src/search", "test/conformance/study-stores.test.ts"],
    faults: [
      [
        "store/studies/sql-study-store.ts",
        "what a broken transaction read stays in the cache",
        "read = cache.branch();",
        "read = cache;",
      ],
      [
        "search/ranking.ts",
        "an infeasible trial may be best",
        "isCompleted(trial) && isFeasible(trial)",
        "isCompleted(trial)",
      ],
      [
        "search/ranking.ts",
        "a constraint that is NaN is met",
        "Number.isNaN(constraint) ? Number.POSITIVE_INFINITY : constraint",
        "Number.isNaN(constraint) ? 0 : constraint",
      ],
      ["search/ranking.ts", "the later of equal trials is best", "|| a.number - b.number", "|| b.number - a.number"],
      [
        "search/decimal-step.ts",
        "steps are reckoned in binary",
        "return Number(`${from + BigInt(k) * by}e${exponent}`);",
        "return low + k * step;",
      ],
      [
        "search/memory-study-log.ts",
        "no attempt fence",
        'row?.state === "running" && row.attempt === attempt',
        'row?.state === "running"',
      ],
      [
        "search/memory-study-log.ts",
        "a lost trial is tried for ever",
        "died && kept.lost >= maxAttempts",
        "died && kept.lost > maxAttempts",
      ],
      [
        "search/memory-study-log.ts",
        "the checkpoint forgets what was reported",
        "intermediate: [...row.intermediate] };\n  }\n\n  async finish",
        "intermediate: [] };\n  }\n\n  async finish",
      ],
      ["store/studies/trial-locks.ts", "no attempt fence", " || row.attempt !== lease.attempt", ""],
      [
        "store/studies/claim-trial.ts",
        "a trial that failed for good is not seen",
        "finished + back.taken - back.waiting.length",
        "finished",
      ],
      [
        "store/studies/claim-trial.ts",
        "the oldest checkpoint is gone on with",
        '.orderBy("attempt", "desc")',
        '.orderBy("attempt")',
      ],
      [
        "store/studies/claim-trial.ts",
        "a repeated claim takes another trial",
        '.where("claim", "=", context.claim)',
        '.where("claim", "!=", context.claim)',
      ],
      [
        "store/studies/trial-ends.ts",
        "a lost trial is tried for ever",
        "const waits = !died || lost < maxAttempts;",
        "const waits = true;",
      ],
      [
        "store/studies/trial-ends.ts",
        "an attempt that was lost does not count",
        "const lost = trial.lost + Number(died);",
        "const lost = trial.lost;",
      ],
    ],
  },
  {
    tests: ["test/conformance/stores.test.ts", "test/server/resume.test.ts", "src/store", "src/node/store"],
    faults: [
      [
        "runs/replay.ts",
        "a resumed task begins again",
        "return this.tasks.get(task)?.ended === true;",
        "return false;",
      ],
      [
        "node/store/store-address.ts",
        "a password is shown where it cannot be read",
        '.replace(/([a-z][a-z0-9+.-]*:\\/*)[^\\s"\'`]*@/gi, "$1…@")',
        "",
      ],
    ],
  },
  {
    tests: ["src/model/fit-options.test.ts", "src/model/questions.test.ts", "src/schedule"],
    faults: [
      ["model/fit-options.ts", "what no file can keep is trained with", "  checkKept(settings);\n", ""],
      [
        "model/encode.ts",
        "an image may be of fewer values than its row",
        "if (rows * columns * channels !== width) {",
        "if (rows * columns * channels > width) {",
      ],
      ["core/json-shape.ts", "what is left undefined is an unknown name", "object[name] !== undefined && ", ""],
      [
        "schedule/curves/cosine.ts",
        "the rate rises to a lowest rate above lr",
        "const lowest = Math.min(lr, minLr);",
        "const lowest = minLr;",
      ],
    ],
  },
  {
    tests: [
      "src/data/csv",
      "src/figure/clip.test.ts",
      "src/figure/format-cell.test.ts",
      "src/figure/legend.test.ts",
      "src/figure/markdown.test.ts",
      "src/studio/state",
    ],
    faults: [
      ["data/csv/csv-reader.ts", "of two columns a name is a title", "length > 2);", "length > 1);"],
      ["data/csv/csv-reader.ts", "rows that end with a separator begin with names", ' && row[first.length] !== ""', ""],
      ["data/csv/csv-reader.ts", "a number with commas is a title", ' && Number.isNaN(numberOf(cell, "comma"))', ""],
      ["data/csv/decode-text.ts", "Roman letters of JIS are UTF-8", '"(J", ', ""],
      [
        "data/csv/decode-text.ts",
        "katakana of half width are Japanese alone too",
        "near(bytes[at - 1]) || near(bytes[at + 1]) ? 0.35 : 0.05",
        "0.35",
      ],
      ["data/csv/decode-text.ts", "no kanji of EUC-JP has three bytes", "lead === 0x8f ? 2 : 1]", "1]"],
      ["figure/format-cell.ts", "a thousandth is told with an exponent", "size >= 1e-3", "size > 1e-3"],
      ["figure/format-cell.ts", "three digits are told", "3 - Math.floor", "2 - Math.floor"],
      [
        "figure/clip.ts",
        "a line enters without its margin",
        "leaving([x1, y1, x0, y0], margin)",
        "leaving([x1, y1, x0, y0], 0)",
      ],
      ["figure/clip.ts", "a line beside the panel is left", "if (room < 0) {", "if (room < -1) {"],
      ["figure/clip.ts", "a polygon is cut at its panel", "[-1, 1 + reach],", "[-1, 1],"],
      ["figure/legend.ts", "points by value have no key", ' || layer.kind === "points")', ")"],
      ["figure/legend.ts", "rings are told as dots", 'layer.marker ?? "dot"', '"dot"'],
      ["figure/legend.ts", "sparse dashes are dotted", 'sparse: "3 8"', 'sparse: "2 3"'],
      [
        "figure/legend.ts",
        "a mark alone is told as a line",
        "markEveryOf(layer) !== undefined",
        "layer.markEvery !== undefined",
      ],
      ["figure/markdown.ts", "a formula of its own stands in the line", "token.display === true", "false"],
      [
        "studio/state/experiment-link.ts",
        "a link has one seed more than a page",
        "first < mostSeeds",
        "first <= mostSeeds",
      ],
      ["studio/state/experiment-link.ts", "a curve may be smoothed away", "smoothing < 1)", "smoothing <= 1)"],
      ["studio/state/experiment-link.ts", "a link's steps count from 0", "Number(part) - 1", "Number(part)"],
    ],
  },
  {
    tests: ["src/model/under-way.test.ts", "src/model/class-metrics.test.ts"],
    faults: [
      [
        "train/accumulator.ts",
        "a short minibatch counts as much in an update as the others",
        "const by = times?.[k] ?? count;",
        "const by = times?.length ?? count;",
      ],
      [
        "model/class-metrics.ts",
        "a class that is neither there nor told is in the means",
        "rows > 0 || confusion.some",
        "rows >= 0 || confusion.some",
      ],
      [
        "model/class-metrics.ts",
        "a class that is only told is not in the means",
        "rows > 0 || confusion.some((row) => row[k] > 0)",
        "rows > 0",
      ],
    ],
  },
  {
    tests: ["src/node/store"],
    faults: [
      [
        "node/store/make-folder.ts",
        "a folder that is taken away meanwhile is called a file",
        ' || (code === "EEXIST" && found === undefined)',
        "",
      ],
      [
        "node/store/make-folder.ts",
        "what is put into a folder that is gone is given up",
        '.code !== "ENOENT" || times === patience',
        '.code !== "" || times === patience',
      ],
      [
        "node/store/sqlite-schema.ts",
        "the mark of a file is looked at before its tables",
        '  const tables = db.prepare("SELECT name FROM sqlite_schema").all() as { name: string }[];\n  const { application_id: application } = db.prepare("PRAGMA application_id").get() as { application_id: number };',
        '  const { application_id: application } = db.prepare("PRAGMA application_id").get() as { application_id: number };\n  const tables = db.prepare("SELECT name FROM sqlite_schema").all() as { name: string }[];',
      ],
    ],
  },
  {
    tests: ["test/cli/pipes.test.ts"],
    faults: [
      [
        "node/whole-file.ts",
        "a link is replaced by a file",
        "{ path: realpathSync(path), inPlace: false }",
        "{ path, inPlace: false }",
      ],
      [
        "node/whole-file.ts",
        "a link to what is not there is replaced",
        "?.isSymbolicLink()",
        "?.isSymbolicLink() && false",
      ],
    ],
  },
  {
    tests: ["src/web"],
    faults: [
      [
        "web/shelf/recording.ts",
        "a write into a lost database counts for the one moved to",
        "this.written !== written",
        "false",
      ],
      [
        "web/shelf/recording.ts",
        "what was written is not moved",
        "[...this.written, ...this.chunks];\n    this.written",
        "[...this.chunks];\n    this.written",
      ],
      [
        "web/served/recording.ts",
        "what is asked at the end of a sending is not sent",
        "    this.pumping = null;\n",
        "",
      ],
      ["web/served/recording.ts", "what is refused is sent on", "this.requests.length = 0;", "this.requests.shift();"],
    ],
  },
  {
    tests: ["src/node/runs", "src/node/study"],
    faults: [
      [
        "node/runs/thread-pool.ts",
        "a thread that is ending is given to another run",
        "lives && !this.ending.has(thread)",
        "lives",
      ],
      [
        "node/study/trial/attempt.ts",
        "a stop that came before the attempt is not heard",
        "if (signal.aborted) {\n    action();\n  } else {",
        "{",
      ],
    ],
  },
  {
    tests: ["src/cli/displays.test.ts"],
    faults: [
      [
        "cli/live-display.ts",
        "what the terminal echoed moves the lines",
        "`\\r\\u001b[${this.drawn}A`",
        "`\\u001b[${this.drawn}A`",
      ],
      [
        "cli/live-display.ts",
        "a full-width character takes one cell",
        "fittedCells(`  ${padEnd(line.name, width)} ${percent}  ${figures(line, context)}`, context.columns - 1)",
        "`  ${padEnd(line.name, width)} ${percent}  ${figures(line, context)}`.slice(0, context.columns - 1)",
      ],
      [
        "cli/live-display.ts",
        "a training that goes on is as quick as if it had made all of it",
        "(line.done - (line.from ?? 0)) / seconds",
        "line.done / seconds",
      ],
      ["cli/live-display.ts", "the runs before count for nothing", "(index + here) / count", "here / count"],
      ["cli/live-display.ts", "a quarter is told of late", "quarter > line.told", "quarter > line.told + 1"],
      [
        "cli/study-display.ts",
        "a line wraps",
        "fittedCells(this.pulse.progressLine(false), width)",
        "this.pulse.progressLine(false)",
      ],
      ["cli/study-display.ts", "trials of before are of now", "(done - this.doneBefore) / seconds", "done / seconds"],
      [
        "cli/study-display.ts",
        "what is pruned is not done",
        "return complete + pruned + failed;",
        "return complete + failed;",
      ],
    ],
  },
  {
    tests: ["src/train"],
    faults: [
      ["train/train.ts", "second inspect sees the first's parameters", "      kept.set(network.params.data);\n", ""],
      [
        "train/train.ts",
        "diverged event comes again and again",
        "!Number.isFinite(lossAfter) && !diverged",
        "!Number.isFinite(lossAfter)",
      ],
      [
        "train/train.ts",
        "diverged again by loss",
        "Number.isFinite(loss) || diverged ? null",
        "Number.isFinite(loss) ? null",
      ],
      [
        "train/train.ts",
        "loss after of the unmixed",
        "network.lossOf(x, labels, mode, weights, mix)",
        "network.lossOf(x, labels, mode, weights, null)",
      ],
      [
        "train/batch-order.ts",
        "an epoch drops its last batch",
        "batches: Math.ceil(rows / batchSize),",
        "batches: Math.floor(rows / batchSize),",
      ],
      ["train/batch-order.ts", "seen may exceed", "&& seen <= order.length", ""],
      [
        "train/batch-order.ts",
        "the saved order is the living one",
        "{ order: this.order.slice(), seen",
        "{ order: this.order, seen",
      ],
      ["train/evaluate.ts", "most is ignored", "Math.min(most, images.count)", "images.count"],
      [
        "train/open-training.ts",
        "trained weights are not back after an error",
        "  try {\n    return evaluate();\n  } finally {\n    params.data.set(trained);\n  }",
        "  const out = evaluate();\n  params.data.set(trained);\n  return out;",
      ],
      ["data/check-split.ts", "fewer classes are not checked again", "|| classes < known", ""],
      ["data/check-split.ts", "more classes are checked, fewer not", "classes < known", "classes > known"],
      ["train/parts/clip-gradients.ts", "norm clips at equal/NaN", "this.lastNorm > norm", "!(this.lastNorm <= norm)"],
      ["train/parts/lookahead.ts", "alpha 1 refused", "alpha <= 1", "alpha < 1"],
      [
        "train/parts/weight-average.ts",
        "swa begins one early",
        "this.updates < options.from",
        "this.updates < options.from - 1",
      ],
      ["train/accumulator.ts", "minibatches count alike", "gradient(k) / by", "gradient(k) / count"],
      ["train/find-lr.ts", "the rate is one behind", "rates[event.step + 1]", "rates[event.step]"],
      ["train/find-lr.ts", "the first rate is the rule's", "  updater.setHyper({ lr: rates[0] });\n", ""],
      ["train/find-lr.ts", "never blows up", "|| event.loss > 100 * lowest", ""],
      ["train/lr-finding.ts", "rates in slope", "Math.log(rates[t + span] / rates[t])", "(rates[t + span] - rates[t])"],
      ["train/lr-finding.ts", "span not centred", "+ Math.floor(span / 2)", ""],
      ["train/technique-settings.ts", "swaEvery dropped", "every: swaEvery }", "every: 1 }"],
      ["train/technique-settings.ts", "lookahead's alpha dropped", "alpha: lookaheadAlpha", "alpha: 0.5"],
      [
        "train/augment/editions.ts",
        "neighbours share editions",
        "Math.imul(number + 1, 0x9e3779b1) + seed",
        "number + seed",
      ],
      ["train/augment/editions.ts", "rounded down", "Math.round(room[i])", "room[i]"],
      [
        "train/augment/editions.ts",
        "the spare is overwritten",
        "coming = ask(spare);\n      spare = data;",
        "coming = ask(data);",
      ],
      ["train/augment/move-images.ts", "turned in radians", "* Math.PI) / 180", ") / 1"],
      [
        "train/techniques/changes.ts",
        "defaults are kept",
        ".filter(([name, value]) => value !== set[name].default)",
        "",
      ],
      [
        "train/snapshot-histogram.ts",
        "zeros in the range",
        "value !== 0 && value - value === 0",
        "value - value === 0",
      ],
      [
        "train/snapshot-images.ts",
        "rows and columns swapped",
        "value.data[i * shape.cols + unit])),\n",
        "value.data[unit * shape.rows + i])),\n",
      ],
      ["train/snapshot-mistakes.ts", "index within its block", "index: from + i", "index: i"],
      [
        "train/snapshot-mistakes.ts",
        "softmax wrong way",
        "Math.exp(logit - logits[at])",
        "Math.exp(logits[at] - logit)",
      ],
      [
        "train/snapshot.ts",
        "sigmoid range",
        'kind === "sigmoid" ? ([0, 1] as const)',
        'kind === "sigmoid" ? ([-1, 1] as const)',
      ],
    ],
  },
  {
    tests: ["src/nn"],
    faults: [
      ["nn/losses/binary-cross-entropy.ts", "slope has no target", "1 / (1 + exp(-y)) - t", "1 / (1 + exp(-y))"],
      ["nn/losses/binary-cross-entropy.ts", "overflow", "log(1 + exp(-Math.abs(y)))", "log(1 + exp(-y))"],
      ["nn/losses/cross-entropy.ts", "smoothing spread", "(labelSmoothing / cols) * all", "labelSmoothing * all"],
      [
        "nn/losses/cross-entropy.ts",
        "weights in backward by element",
        "weights.data[Math.floor(k / cols)]",
        "weights.data[k % labels.cols]",
      ],
      [
        "nn/losses/cross-entropy.ts",
        "smoothing spread over rows in backward",
        "labelSmoothing / rows",
        "labelSmoothing",
      ],
      [
        "nn/elementwise-loss.ts",
        "weights ignored in backward",
        "(weights === null ? 1 : weights.data[i]) / (rows * cols)",
        "1 / (rows * cols)",
      ],
      ["nn/penalty.ts", "L1 in loss unscaled", "penalty += l1 * sumOfSizes(value)", "penalty += sumOfSizes(value)"],
      ["nn/penalty.ts", "L2 lost beside L1", "penalty += l1 * sumOfSizes", "penalty = l1 * sumOfSizes"],
      ["nn/residual.ts", "a dropped block keeps old gradients", "        data.fill(0);\n", ""],
      [
        "nn/batch-norm.ts",
        "running mean share swapped",
        "kernels.axpy(runningMean, 1 - kept, mean)",
        "kernels.axpy(runningMean, kept, mean)",
      ],
      [
        "nn/mlp.ts",
        "dropout before activation",
        "hidden.push(new Dropout(size, dropRatio, dropoutVariant));",
        "hidden.splice(1, 0, new Dropout(size, dropRatio, dropoutVariant));",
      ],
      ["nn/mlp.ts", "default activation", 'activation = "relu", batchNorm', 'activation = "tanh", batchNorm'],
      ["nn/gradcheck.ts", "no Richardson", "(4 * fine - coarse) / 3", "fine"],
      ["nn/gradcheck.ts", "all corners passes", "worst < tolerance && checked > corners", "worst < tolerance"],
      ["nn/gradcheck.ts", "NaN passes", " || Number.isNaN(relative)", ""],
      ["nn/maxout.ts", "NaN is passed over", "|| (Number.isNaN(data[at]) && !Number.isNaN(data[best]))", ""],
      [
        "nn/conv2d.ts",
        "too few patch rows",
        "Math.max(8, Math.floor(patchValues / depth))",
        "Math.floor(patchValues / depth)",
      ],
    ],
  },
  {
    tests: ["src/schedule"],
    faults: [
      [
        "schedule/curves/one-cycle.ts",
        "beyond the end",
        "Math.min(1, (t - from) / Math.max(1, last - from))",
        "(t - from) / Math.max(1, last - from)",
      ],
      ["schedule/curves/warmup-cosine.ts", "beyond the end", "Math.min(t - rising, falling)", "(t - rising)"],
      ["schedule/curves/inverse-sqrt.ts", "t not t + 1", "Math.sqrt(updates / (t + 1))", "Math.sqrt(updates / t)"],
      ["schedule/spans.ts", "milestones may be equal", "at > value[i - 1]", "at >= value[i - 1]"],
    ],
  },
  {
    tests: ["src/optim"],
    faults: [
      [
        "optim/updater.ts",
        "restored scalars of the first range",
        "state[name]?.[i] ?? start",
        "state[name]?.[0] ?? start",
      ],
      [
        "optim/updater.ts",
        "averaged before the first step",
        "averaged === undefined || this.steps === 0 ? null",
        "averaged === undefined ? null",
      ],
      ["optim/updater.ts", "wrong state length taken", " || values.length !== this.ranges.length", ""],
    ],
  },
  {
    tests: ["src/search", "test/conformance/pruners.test.ts"],
    faults: [
      [
        "search/pruners/hyperband.ts",
        "found resource not kept",
        "...(known.found ? { [agreedKey]: known.maxResource } : {})",
        "",
      ],
      [
        "search/pruners/hyperband.ts",
        "peers of all brackets",
        "return trials.filter((trial) => bracketOf(study, trial.number, allotted) === bracket);",
        "return [...trials];",
      ],
      ["search/pruners/patient.ts", "delta wrong way", "before + minDelta < after", "before - minDelta < after"],
      ["search/pruners/threshold.ts", "bounds may be swapped", "if (lower > upper) {", "if (false as boolean) {"],
      [
        "search/rungs.ts",
        "a failed trial is the longest",
        'state === "complete" ? intermediate.at(-1)?.step',
        'state !== "running" ? intermediate.at(-1)?.step',
      ],
      [
        "search/rungs.ts",
        "bootstrap count one more",
        "there.length <= settings.bootstrapCount",
        "there.length < settings.bootstrapCount",
      ],
      ["search/percentile-judge.ts", "minTrials ignored", "there.length < settings.minTrials || ", ""],
      ["search/draw.ts", "nextBelow of a negative", "(value > 0 ? -1n : 1n)", "-1n"],
      ["search/space.ts", "same whatever the scale", '(a.scale ?? "linear") === (b.scale ?? "linear") &&', ""],
      [
        "search/chosen-point.ts",
        "known names are mistakes",
        "drawn.includes(name) || known(name) ?",
        "drawn.includes(name) ?",
      ],
      [
        "search/trial.ts",
        "a step twice",
        "    if (this.steps.has(step)) {\n      return;\n    }\n    // Plain",
        "    // Plain",
      ],
      ["search/study.ts", "a trial is judged beside itself", ".filter(({ run }) => run.number !== number)", ""],
      [
        "search/trial-run.ts",
        "resumed steps reported twice",
        "this.steps = new Set(this.intermediate.map(({ step }) => step));",
        "this.steps = new Set();",
      ],
      [
        "search/trial-writer.ts",
        "checkpoint before its reports",
        "    if (entries.length > 0) {\n      await this.log.report(this.lease, entries);\n      await this.onReported(entries.length);\n    }\n    if (left !== undefined) {\n      await this.log.checkpoint?.(this.lease, left);\n    }",
        "    if (left !== undefined) {\n      await this.log.checkpoint?.(this.lease, left);\n    }\n    if (entries.length > 0) {\n      await this.log.report(this.lease, entries);\n      await this.onReported(entries.length);\n    }",
      ],
    ],
  },
  {
    tests: ["src/cli/told.test.ts"],
    faults: [
      [
        "cli/open-store.ts",
        "an English reason in a Japanese sentence",
        "ja: `${ja}${loss.ja}`",
        "ja: `${en}${loss.ja}`",
      ],
      [
        "cli/print-figure.ts",
        "an English reason in a Japanese sentence",
        "描けませんでした: ${ja}`",
        "描けませんでした: ${en}`",
      ],
      ["cli/pictures.ts", "a reason in English alone", "saidBy(failure)", "(failure as Error).message"],
      [
        "cli/commands/doctor.ts",
        "a reason in English alone",
        "reason: saidBy(error)",
        "reason: (error as Error).message",
      ],
      [
        "cli/commands/inspect.ts",
        "Japanese labels take half their room",
        "padEnd(context.text({ en, ja }), 12)",
        "context.text({ en, ja }).padEnd(12)",
      ],
      [
        "cli/commands/data.ts",
        "a download's line wraps",
        'displayWidth(full) <= room ? full : fittedCells(line(""), room)',
        "full",
      ],
    ],
  },
  {
    tests: ["src/model/fit.test.ts"],
    faults: [
      [
        "model/fit.ts",
        "an aborted training ends as one that has made its epochs",
        "signal?.aborted === true && run.step < steps",
        "false",
      ],
      [
        "model/fit.ts",
        "a training that was left keeps its last weights",
        "    } finally {\n      plan.end();\n    }",
        "    } catch (error) {\n      throw error;\n    }\n    plan.end();",
      ],
    ],
  },
  {
    tests: ["src/search/study.test.ts", "src/search/cma", "test/cli/study-points.test.ts"],
    faults: [
      [
        "search/memory-study-log.ts",
        "the last of those that wait goes on first",
        "row.number < waiting",
        "row.number > waiting",
      ],
      ["search/samplers/cma-es.ts", "points outside are moved to the border", "tries < 100 &&", "tries < 1 &&"],
      [
        "search/study.ts",
        "what was chosen beforehand is not tried",
        "{ ...chosenOf(attributes), ...options.params }",
        "{ ...options.params }",
      ],
    ],
  },
  {
    tests: ["src/web"],
    faults: [
      ["web/shelf/run-db.ts", "chunks appended whatever their number", ".slice(0, from)", ""],
      [
        "web/shelf/recording.ts",
        "the end is not written",
        "    this.dirty = true;\n    await this.flush();\n  }\n\n  mark",
        "    await this.flush();\n  }\n\n  mark",
      ],
      ["web/shelf/recording.ts", "kept though failed", "return !this.failed && !this.dirty;", "return !this.dirty;"],
      ["web/served/recording.ts", "beats go on after the end", "    this.life.abort();\n", ""],
      [
        "web/served/runner.ts",
        "an abort before is not heard",
        "    if (signal.aborted) {\n      onAbort();\n    }\n",
        "",
      ],
      ["web/served/stream.ts", "connection said lost never", "      onConnection(false);\n", ""],
    ],
  },
  {
    tests: ["src/web", "test/cli/study-points.test.ts"],
    faults: [
      [
        "cli/study-points.ts",
        "what is known is recorded again",
        "known.filter(({ params, value }) => !there.has(keyOf(params, value))),",
        "known,",
      ],
      ["core/plain-json.ts", "names in another order are another point", ".sort(([a], [b]) => (a < b ? -1 : 1))", ""],
      ["web/served/client.ts", "a server that is busy refuses", "status >= 500 ?", "status >= 600 ?"],
      [
        "web/served/shelf.ts",
        "a list begins anew at each page",
        "last = answer.runs.at(-1)?.id;",
        "last = answer.runs.at(0)?.id;",
      ],
      [
        "web/served/shelf.ts",
        "a shelf is watched for nobody",
        "if (this.listeners.size === 0) {",
        "if (this.listeners.size < 0) {",
      ],
      [
        "web/served/studies.ts",
        "only complete trials count",
        "trials: Object.values(counts).reduce((sum, count) => sum + count, 0),",
        "trials: counts.complete,",
      ],
      [
        "web/shelf/transfer.ts",
        "an imported run goes on",
        'status: status === "running" ? "interrupted" : status,',
        "status,",
      ],
    ],
  },
  {
    tests: ["src/studio/figure", "src/studio/state"],
    faults: [
      [
        "studio/figure/reading.ts",
        "bins by their left",
        "x >= layer.edges[bin] && x <= layer.edges[bin + 1]",
        "x >= layer.edges[bin + 1]",
      ],
      [
        "studio/figure/reading.ts",
        "largest of a column",
        "row = (zOf(j) ?? Number.NEGATIVE_INFINITY) > (zOf(row) ?? Number.NEGATIVE_INFINITY) ? j : row;",
        "row = (zOf(j) ?? Number.NEGATIVE_INFINITY) < (zOf(row) ?? Number.NEGATIVE_INFINITY) ? j : row;",
      ],
      [
        "studio/figure/curve-options.ts",
        "broken place stays",
        "...(layer.broken === undefined ? {} : { broken: { ...layer.broken, x: at(layer.broken.x) } }),",
        "",
      ],
      [
        "studio/figure/race.ts",
        "domain from 1",
        "domain: [0, iterations] as const",
        "domain: [1, iterations] as const",
      ],
      [
        "studio/figure/race.ts",
        "highest of any value",
        "layer.y.find((value) => value !== null && Number.isFinite(value))",
        "layer.y.findLast((value) => value !== null && Number.isFinite(value))",
      ],
      [
        "studio/figure/place-box.ts",
        "over the edge",
        "x + apart + box.width <= figure.width ?",
        "x + box.width <= figure.width ?",
      ],
      ["studio/figure/figure-view.ts", "zoom of another panel", "const part = zoom[i];", "const part = zoom[0];"],
      [
        "studio/state/growing-record.ts",
        "shares of tasks that said something",
        "Math.max(handle.tasks, parts.length)",
        "parts.length",
      ],
      ["studio/state/growing-record.ts", "arrays grow on", "x: one.x.slice(), y: one.y.slice()", "x: one.x, y: one.y"],
      [
        "studio/state/packed-record.ts",
        "uneven taken for even",
        "x.every((value, i) => value === x[0] + i * step)",
        "x.length > 0",
      ],
      ["studio/state/newest.ts", "any stands", "own === this.count", "own <= this.count"],
    ],
  },
  {
    tests: ["src/web/capabilities.test.ts", "src/web/shelf"],
    faults: [
      [
        "web/capabilities.ts",
        "relaxed before simd",
        'return found.relaxedSimd ? "wasm-relaxed" : found.simd',
        'return found.simd ? "wasm-relaxed" : found.simd',
      ],
    ],
  },
  {
    tests: ["test/conformance/stores.test.ts"],
    faults: [
      [
        "node/store/sqlite-runs.ts",
        "one more than asked",
        "if (found.length === limit) {",
        "if (found.length > limit!) {",
      ],
    ],
  },
  {
    tests: ["src/model/fit.test.ts"],
    faults: [
      ["model/model.ts", "fewer epochs than made", "if (settings.epochs < resume.epoch) {", "if (false as boolean) {"],
      ["model/kept-epoch.ts", "r2 falls", "accuracy|f1|auc|r2|precision|recall", "accuracy|f1|auc|precision|recall"],
      [
        "model/value-metrics.ts",
        "exact of any right",
        "names.every((_, j) => right(i, j))",
        "names.some((_, j) => right(i, j))",
      ],
      ["model/apply.ts", "labels without names by place", "names?.[label] ?? String(label)", "String(label)"],
    ],
  },
  {
    tests: ["src/node/data"],
    faults: [
      [
        "node/data/idx-folder.ts",
        "a packed file goes before its unpacked one",
        "if (!files.has(role)) {",
        "if (true as boolean) {",
      ],
    ],
  },
];
