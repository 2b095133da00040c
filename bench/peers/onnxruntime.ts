import { createRequire } from "node:module";
import type { Contestant, ConvolutionContestant, ConvolutionShape } from "../contestant.ts";
import { batchSize, type Example, sizes } from "../example.ts";
import { OnnxGraph } from "./onnx-graph.ts";

interface Ort {
  Tensor: new (type: string, data: Float32Array, dims: readonly number[]) => { data: Float32Array };
  InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{ run(feeds: Record<string, unknown>): Promise<Record<string, { data: Float32Array }>> }>;
  };
}

const sessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  executionMode: "sequential",
};

interface OnnxContestant extends Contestant {
  /** What goes from step to step, by name: W0, b0, mW0, vW0 … Written to before a step, it counts in it. */
  state(): Map<string, Float32Array>;
}

/** ONNX Runtime: the whole step (forward, backward, update) as one graph; its outputs are the next step's inputs. */
export async function onnxRuntime(optimizer: "sgd" | "adam", { x, oneHot, weights }: Example): Promise<OnnxContestant> {
  const ort = createRequire(import.meta.url)("onnxruntime-node") as Ort;
  const { graph, state } = buildStep(optimizer);
  const session = await ort.InferenceSession.create(graph.model(), sessionOptions);
  const feeds: Record<string, unknown> = {
    x: new ort.Tensor("float32", x, [batchSize, sizes[0]]),
    t: new ort.Tensor("float32", oneHot, [batchSize, 10]),
  };
  for (const { name, shape } of state) {
    const start = /^W(\d)$/.exec(name);
    const data = start === null ? new Float32Array(shape.reduce((a, b) => a * b)) : weights[Number(start[1])].slice();
    feeds[name] = new ort.Tensor("float32", data, shape);
  }
  let steps = 0;
  return {
    name: "onnxruntime-node",
    optimizer,
    async step() {
      if (optimizer === "adam") {
        steps++;
        const rate = (0.001 * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
        feeds.rate = new ort.Tensor("float32", new Float32Array([rate]), []);
      }
      const results = await session.run(feeds);
      for (const { name } of state) {
        feeds[name] = results[`${name}_`];
      }
      return results.loss.data[0];
    },
    state: () => new Map(state.map(({ name }) => [name, (feeds[name] as { data: Float32Array }).data])),
  };
}

/** One convolution's forward pass, in its own layout (channels first). */
export async function onnxConvolution(shape: ConvolutionShape): Promise<ConvolutionContestant> {
  const { side, channels, filters, size, padding } = shape;
  const ort = createRequire(import.meta.url)("onnxruntime-node") as Ort;
  const graph = new OnnxGraph();
  const after = side + 2 * padding - size + 1;
  const inputs = [
    graph.input("x", [batchSize, channels, side, side]),
    graph.input("w", [filters, channels, size, size]),
    graph.input("b", [filters]),
  ];
  const pads = [padding, padding, padding, padding];
  graph.op("Conv", inputs, { kernel_shape: [size, size], pads, strides: [1, 1] }, "y");
  graph.output("y", [batchSize, filters, after, after]);
  const session = await ort.InferenceSession.create(graph.model(), sessionOptions);
  const tensor = (dims: readonly number[]) =>
    new ort.Tensor("float32", new Float32Array(dims.reduce((a, b) => a * b)).fill(0.1), dims);
  const feeds = {
    x: tensor([batchSize, channels, side, side]),
    w: tensor([filters, channels, size, size]),
    b: tensor([filters]),
  };
  return {
    name: "onnxruntime-node",
    passes: 1,
    async step() {
      await session.run(feeds);
    },
  };
}

function buildStep(optimizer: "sgd" | "adam") {
  const graph = new OnnxGraph();
  const { op } = { op: graph.op.bind(graph) };
  const state: { name: string; shape: number[] }[] = [];
  const keep = (name: string, shape: number[]) => {
    state.push({ name, shape });
    return graph.input(name, shape);
  };
  const x = graph.input("x", [batchSize, sizes[0]]);
  const t = graph.input("t", [batchSize, 10]);
  const rate = optimizer === "adam" ? graph.input("rate", []) : graph.scalar(0.01);
  const layers = sizes.slice(1).map((size, i) => ({
    w: keep(`W${i}`, [sizes[i], size]),
    b: keep(`b${i}`, [size]),
    shape: [sizes[i], size],
  }));

  const outputs = [x];
  layers.forEach(({ w, b }, i) => {
    const y = op("Gemm", [outputs[i], w, b]);
    outputs.push(i === layers.length - 1 ? y : op("Relu", [y]));
  });
  const logProbs = op("LogSoftmax", [outputs[layers.length]], { axis: 1 });
  const picked = op("ReduceSum", [op("Mul", [logProbs, t])], { keepdims: 0 });
  op("Mul", [picked, graph.scalar(-1 / batchSize)], {}, "loss");
  graph.output("loss", []);

  let dy = op("Mul", [op("Sub", [op("Exp", [logProbs]), t]), graph.scalar(1 / batchSize)]);
  const rows = graph.axes(0);
  for (let i = layers.length - 1; i >= 0; i--) {
    const { w, b, shape } = layers[i];
    const dW = op("Gemm", [outputs[i], dy], { transA: 1 });
    const db = op("ReduceSum", [dy, rows], { keepdims: 0 });
    if (i > 0) {
      const dx = op("Gemm", [dy, w], { transB: 1 });
      const open = op("Cast", [op("Greater", [outputs[i], graph.scalar(0)])], { to: 1 });
      dy = op("Mul", [dx, open]);
    }
    update(w, dW, shape);
    update(b, db, [shape[1]]);
  }
  return { graph, state };

  function update(w: string, g: string, shape: number[]): void {
    graph.output(`${w}_`, shape);
    if (optimizer === "sgd") {
      op("Sub", [w, op("Mul", [rate, g])], {}, `${w}_`);
      return;
    }
    const m = keep(`m${w}`, shape);
    const v = keep(`v${w}`, shape);
    const mNext = op("Add", [m, op("Mul", [graph.scalar(0.1), op("Sub", [g, m])])], {}, `${m}_`);
    const vNext = op("Add", [v, op("Mul", [graph.scalar(0.001), op("Sub", [op("Mul", [g, g]), v])])], {}, `${v}_`);
    graph.output(mNext, shape);
    graph.output(vNext, shape);
    const scaled = op("Div", [mNext, op("Add", [op("Sqrt", [vNext]), graph.scalar(1e-7)])]);
    op("Sub", [w, op("Mul", [rate, scaled])], {}, `${w}_`);
  }
}
