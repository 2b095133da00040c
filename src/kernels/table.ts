/**
 * Every operation of the kernels, described once. What follows from a line of this table is generated (`npm run generate`):
 * the method of `Kernels` with its documentation, the checks of its arguments, its call into WASM and into the native addon,
 * and its C prototype. Beside the line an operation is a method of `reference.ts` and a function in `c/`.
 *
 * `takes` reads: what is written ← what is read → what comes back. Written operands come first in the method and in C, then
 * what is read in this order; C gets the sizes behind them, m, n and k first, or `count` where all have the shape [m·n].
 *
 * | text | is |
 * |---|---|
 * | `x[m,n]` | a tensor of the arena's dtype: its rows and columns, each name one size throughout the line |
 * | `x[m·n]` | the same, where an element is computed with those at its place only |
 * | `x[m>0,n]`, `x[m,n>0]` | there is at least one row; at least one column where there are rows |
 * | `int labels[1,m]`, `int labels[1,m] in [0,n)` | 32-bit integers, checked to lie in a range |
 * | `bytes source[count,width]` | rows of bytes outside the arena |
 * | `spare x[m,n]` | memory to work in: what is left there means nothing |
 * | `bias[1,n] or null` | may be left out |
 * | `out[m,n] apart` | must not be one of the tensors that are read |
 * | `eps`, `int places` | a number |
 * | `activation none\|relu` | one of these words; in C its number, `ACTIVATION_NONE`, `ACTIVATION_RELU` |
 * | `over` | a `WindowOver`: shapes may name its fields and `places`, those it stops at in an image; in C its six numbers |
 * | `; scratch` | C gets scratch memory behind all else |
 */
export const table = {
  matmul: {
    takes: "out[m,n] apart ← a[m,k], b[k,n], bias[1,n] or null, activation none|relu|sigmoid|tanh; scratch",
    does: "out[m,n] = activation(a[m,k] · b[k,n] + bias[1,n]); no bias is added for null.",
  },
  matmulNT: { takes: "out[m,n] apart ← a[m,k], b[n,k]; scratch", does: "out[m,n] = a[m,k] · b[n,k]ᵀ" },
  matmulTN: { takes: "out[m,n] apart ← a[k,m], b[k,n]; scratch", does: "out[m,n] = a[k,m]ᵀ · b[k,n]" },

  columnSums: { takes: "out[1,n] ← a[m,n]", does: "out[1,n] = Σ_rows a[m,n]" },

  relu: { takes: "y[m·n] ← x[m·n]", does: "y = 0 where x ≤ 0, else x (NaN stays NaN). y may be x." },
  reluBackward: {
    takes: "dx[m·n] ← dy[m·n], y[m·n]",
    does: "dx = 0 where y ≤ 0, else dy; y is relu's output. dx may be dy.",
  },
  sigmoid: { takes: "y[m·n] ← x[m·n]", does: "y = 1/(1 + e^−x), for any x without overflow. y may be x." },
  sigmoidBackward: {
    takes: "dx[m·n] ← dy[m·n], y[m·n]",
    does: "dx = (1 − y)·y·dy; y is sigmoid's output. dx may be dy.",
  },
  tanh: { takes: "y[m·n] ← x[m·n]", does: "y = tanh x. y may be x." },
  tanhBackward: { takes: "dx[m·n] ← dy[m·n], y[m·n]", does: "dx = (1 − y²)·dy; y is tanh's output. dx may be dy." },
  activate: {
    takes: "y[m·n] ← x[m·n], pointwise leakyRelu|elu|selu|softplus|gelu|silu",
    does: "y = f(x), the function of that name in `pointwise.ts`. y may be x.",
  },
  activateBackward: {
    takes: "dx[m·n] ← dy[m·n], x[m·n], y[m·n], pointwise leakyRelu|elu|selu|softplus|gelu|silu",
    does: "dx = f′(x)·dy; y is activate's output. dx may be dy.",
  },

  softmaxCrossEntropy: {
    takes: "probs[m,n] ← logits[m,n], int labels[1,m] in [0,n) → number",
    does: `probs = softmax of each row of logits (its maximum subtracted); returns −Σ_rows ln(probs[row, label] + 1e-7), summed
in float64: divide by the rows for the mean. probs may be logits.`,
  },
  softmaxCrossEntropyBackward: {
    takes: "dx[m,n] ← probs[m,n], int labels[1,m] in [0,n)",
    does: "dx = (probs − onehot(labels)) / m; the 1e-7 of the loss is ignored, as in the book. dx may be probs.",
  },

  batchNorm: {
    takes: "y[m,n], xHat[m,n], mean[1,n], variance[1,n], invStd[1,n] ← x[m,n], gamma[1,n], beta[1,n], eps",
    does: `Batch Normalization in training (Ioffe & Szegedy 2015, Algorithm 1), per column over the m rows:
mean, variance (divided by m), invStd = 1/√(variance + eps), xHat = (x − mean)·invStd, y = gamma·xHat + beta. y may be x.`,
  },
  batchNormEvaluate: {
    takes: "y[m,n] ← x[m,n], mean[1,n], variance[1,n], gamma[1,n], beta[1,n], eps; scratch",
    does: "y = gamma·(x − mean)/√(variance + eps) + beta with given statistics. y may be x.",
  },
  batchNormBackward: {
    takes: "dx[m,n], dGamma[1,n], dBeta[1,n] ← dy[m,n], xHat[m,n], invStd[1,n], gamma[1,n]",
    does: `dBeta = Σ_rows dy, dGamma = Σ_rows xHat·dy, dx = invStd/m · (m·g − Σ_rows g − xHat·Σ_rows g·xHat) with g = gamma·dy.
dx may be dy.`,
  },
  multiply: { takes: "y[m·n] ← x[m·n], mask[m·n]", does: "y = x · mask, element by element (Dropout). y may be x." },
  scale: { takes: "y[m·n] ← alpha, x[m·n]", does: "y = alpha · x. y may be x." },

  axpy: { takes: "y[m·n] ← alpha, x[m·n]", does: "y += alpha · x" },
  sumOfSquares: { takes: "x[m·n] → number", does: "Σ x², summed in float64." },
  allFinite: { takes: "x[m·n] → boolean", does: "Whether no element is NaN or ±Infinity." },

  gatherRows: {
    takes: "out[m,width] ← bytes source[count,width], int indices[1,m] in [0,count)",
    does: `out[i, :] = source row indices[i], each byte / 255 rounded to float32 in either dtype: the
original's loader keeps pixels in float32, and its float64 numbers come from those.`,
  },
  argmaxRows: {
    takes: "int out[1,m] ← x[m,n>0]",
    does: "out: the column of each row's largest element, the first of equals; the first NaN wins (as NumPy's argmax).",
  },

  convolve: {
    takes: `y[m,places·n] apart, spare patches[k>0,size²·channels] ← x[m,height·width·channels], w[size²·channels,n], \
bias[1,n], activation none|relu|sigmoid|tanh, over; scratch`,
    does: `y[place] = activation(patch(place) · w + bias), where patch(place)[(ky, kx, c)] is what lies under (ky, kx) of the window
there, 0 beyond the border: a convolution of n filters is a matrix product. LeCun et al. 1989.`,
  },
  convolveGradients: {
    takes: `dw[size²·channels,n], db[1,n], spare patches[k>0,size²·channels] ← \
x[m,height·width·channels], dy[m,places·n], over; scratch`,
    does: "dw = Σ_places patch(place)ᵀ · dy[place], db = Σ_places dy[place]",
  },
  convolveBackward: {
    takes: `dx[m,height·width·channels] apart, spare patches[k>0,size²·channels] ← dy[m,places·n], w[size²·channels,n], over; \
scratch`,
    does: "dx[pixel] = Σ of what dy[place] · wᵀ holds of it, over the places that cover it",
  },
  maxPool: {
    takes: "y[m,places·channels] ← x[m,height·width·channels], over",
    does: `y = the largest value under each place of the window, each channel by itself; the first NaN where there is one, 0 where
the window lies wholly beyond the border.`,
  },
  maxPoolBackward: {
    takes: "dx[m,height·width·channels] apart ← dy[m,places·channels], x[m,height·width·channels], over",
    does: "dx = Σ dy of the places whose largest value, the first of equals, it was.",
  },
  averagePool: {
    takes: "y[m,places·channels] ← x[m,height·width·channels], over",
    does: "y = Σ/size² of the values under each place of the window: what lies beyond the border counts as 0.",
  },
  averagePoolBackward: {
    takes: "dx[m,height·width·channels] ← dy[m,places·channels], over",
    does: "dx = Σ dy/size² of the places that cover it.",
  },
} as const;
