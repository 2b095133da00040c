/** Just enough of ONNX's protobuf to write a graph of operators (onnx.proto, IR version 8, opset 17). */
type Bytes = number[];

function varint(value: number): Bytes {
  const out: Bytes = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...out, rest];
}

const text = (value: string): Bytes => [...Buffer.from(value)];
const field = (number: number, bytes: Bytes): Bytes => [
  ...varint((number << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const whole = (number: number, value: number): Bytes => [...varint(number << 3), ...varint(value)];
const float = (number: number, value: number): Bytes => [
  ...varint((number << 3) | 5),
  ...new Uint8Array(new Float32Array([value]).buffer),
];

const floatType = 1;
const int64Type = 7;

export type Attributes = Readonly<Record<string, number | { readonly float: number } | readonly number[]>>;

/** A graph under construction; names are the edges. */
export class OnnxGraph {
  private readonly nodes: Bytes[] = [];
  private readonly constants: Bytes[] = [];
  private readonly inputs: Bytes[] = [];
  private readonly outputs: Bytes[] = [];
  private count = 0;

  input(name: string, shape: readonly number[]): string {
    this.inputs.push(valueInfo(name, shape));
    return name;
  }

  output(name: string, shape: readonly number[]): void {
    this.outputs.push(valueInfo(name, shape));
  }

  scalar(value: number): string {
    const name = `c${this.count++}`;
    this.constants.push([...whole(2, floatType), ...float32s([value]), ...field(8, text(name))]);
    return name;
  }

  axes(...values: number[]): string {
    const name = `c${this.count++}`;
    this.constants.push([
      ...whole(1, values.length),
      ...whole(2, int64Type),
      ...field(9, [...new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer)]),
      ...field(8, text(name)),
    ]);
    return name;
  }

  /** Adds an operator; returns the name of its output. */
  op(type: string, inputs: readonly string[], attributes: Attributes = {}, output = `n${this.count++}`): string {
    const encoded = Object.entries(attributes).map(([name, value]) =>
      field(5, [
        ...field(1, text(name)),
        ...(typeof value === "number"
          ? [...whole(3, value), ...whole(20, 2)]
          : "float" in value
            ? [...float(2, value.float), ...whole(20, 1)]
            : [...value.flatMap((one) => whole(8, one)), ...whole(20, 7)]),
      ]),
    );
    this.nodes.push([
      ...inputs.flatMap((name) => field(1, text(name))),
      ...field(2, text(output)),
      ...field(4, text(type)),
      ...encoded.flat(),
    ]);
    return output;
  }

  model(): Uint8Array {
    const graph = [
      ...this.nodes.flatMap((node) => field(1, node)),
      ...field(2, text("step")),
      ...this.constants.flatMap((tensor) => field(5, tensor)),
      ...this.inputs.flatMap((info) => field(11, info)),
      ...this.outputs.flatMap((info) => field(12, info)),
    ];
    return new Uint8Array([...whole(1, 8), ...field(7, graph), ...field(8, [...field(1, []), ...whole(2, 17)])]);
  }
}

function float32s(values: readonly number[]): Bytes {
  return field(9, [...new Uint8Array(new Float32Array(values).buffer)]);
}

function valueInfo(name: string, shape: readonly number[]): Bytes {
  const dims = shape.flatMap((n) => field(1, whole(1, n)));
  return [...field(1, text(name)), ...field(2, field(1, [...whole(1, floatType), ...field(2, dims)]))];
}
