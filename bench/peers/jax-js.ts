import * as jax from "@jax-js/jax";
import type { Contestant, ConvolutionContestant, ConvolutionShape } from "../contestant.ts";
import { batchSize, type Example, sizes } from "../example.ts";

type Params = { w: jax.Array[]; b: jax.Array[] };
type State = { p: Params; m: Params; v: Params };

/** jax-js on its wasm device: value and gradient and update in one jitted function. */
export async function jaxJs(optimizer: "sgd" | "adam", { x, oneHot, weights }: Example): Promise<Contestant> {
  const { numpy: np, nn, jit, valueAndGrad } = jax;
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const X = np.array(x, { shape: [batchSize, sizes[0]] });
  const T = np.array(oneHot, { shape: [batchSize, 10] });

  const lossOf = (p: Params, inputs: jax.Array, targets: jax.Array) => {
    let y = inputs;
    p.w.forEach((w, i) => {
      y = np.matmul(y, w).add(p.b[i]);
      if (i < p.w.length - 1) {
        y = nn.relu(y);
      }
    });
    return nn
      .logSoftmax(y)
      .mul(targets)
      .sum()
      .mul(-1 / batchSize);
  };
  const map = (p: Params, f: (a: jax.Array, kind: "w" | "b", i: number) => jax.Array): Params => ({
    w: p.w.map((a, i) => f(a, "w", i)),
    b: p.b.map((a, i) => f(a, "b", i)),
  });

  const sgd = jit((p: Params, inputs: jax.Array, targets: jax.Array) => {
    const [loss, g] = valueAndGrad(lossOf)(
      map(p, (a) => a.ref),
      inputs,
      targets,
    ) as [jax.Array, Params];
    return { loss, p: map(p, (a, kind, i) => a.sub(g[kind][i].mul(0.01))) };
  });
  const adam = jit((s: State, rate: jax.Array, inputs: jax.Array, targets: jax.Array) => {
    const [loss, g] = valueAndGrad(lossOf)(
      map(s.p, (a) => a.ref),
      inputs,
      targets,
    ) as [jax.Array, Params];
    const m = map(s.m, (a, kind, i) => a.mul(0.9).add(g[kind][i].ref.mul(0.1)));
    const v = map(s.v, (a, kind, i) => a.mul(0.999).add(np.square(g[kind][i]).mul(0.001)));
    const p = map(s.p, (a, kind, i) => a.sub(rate.ref.mul(m[kind][i].ref).div(np.sqrt(v[kind][i].ref).add(1e-7))));
    rate.dispose();
    return { loss, s: { p, m, v } };
  });

  const start = (): Params => ({
    w: weights.map((w, i) => np.array(w.slice(), { shape: [sizes[i], sizes[i + 1]] })),
    b: sizes.slice(1).map((n) => np.zeros([n])),
  });
  const zeros = () => map(start(), (a) => a.mul(0));
  let params = start();
  let state: State = { p: start(), m: zeros(), v: zeros() };
  let steps = 0;
  return {
    name: "jax-js wasm",
    optimizer,
    async step() {
      if (optimizer === "sgd") {
        const out = sgd(params, X.ref, T.ref) as { loss: jax.Array; p: Params };
        params = out.p;
        await jax.blockUntilReady(params.w[0]);
        return (await out.loss.data())[0] as number;
      }
      steps++;
      const rate = (0.001 * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
      const out = adam(state, np.array(rate), X.ref, T.ref) as { loss: jax.Array; s: State };
      state = out.s;
      await jax.blockUntilReady(state.p.w[0]);
      return (await out.loss.data())[0] as number;
    },
  };
}

/** One convolution's forward pass and both gradients (channels first, the only layout it knows). */
export async function jaxConvolution(shape: ConvolutionShape): Promise<ConvolutionContestant> {
  const { side, channels, filters, size, padding } = shape;
  const { numpy: np, lax, jit, grad } = jax;
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const filled = (dims: number[]) =>
    np.array(new Float32Array(dims.reduce((a, b) => a * b)).fill(0.1), { shape: dims });
  const x = filled([batchSize, channels, side, side]);
  const w = filled([filters, channels, size, size]);
  const pads: [number, number][] = [
    [padding, padding],
    [padding, padding],
  ];
  const lossOf = (p: { x: jax.Array; w: jax.Array }) => lax.conv(p.x, p.w, [1, 1], pads).sum();
  const both = jit((p: { x: jax.Array; w: jax.Array }) => grad(lossOf)(p));
  return {
    name: "jax-js wasm",
    passes: 3,
    async step() {
      const out = both({ x: x.ref, w: w.ref }) as { x: jax.Array; w: jax.Array };
      await jax.blockUntilReady(out);
      out.x.dispose();
      out.w.dispose();
    },
  };
}
