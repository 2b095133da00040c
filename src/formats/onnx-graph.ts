import { bytesOf, elementCount, type NumberArray } from "./number-array.ts";
import { floatField, type Message, messageBytes, messageField, textField, wholeField } from "./protobuf.ts";

/** Version of ONNX's operators that the graphs are of; 18 is the first whose reductions all take their axes as an input. */
const opset = 18;
/** Version of the file format that came with it. */
const irVersion = 8;

/** ONNX's codes of element types, as many as are written here. */
const typeCodes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
export type OnnxType = keyof typeof typeCodes;

/** AttributeProto.AttributeType */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A setting of an operator. A whole number and a float are told apart, since the format does. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

/** A length of a dimension; a word is one that is known when the graph is run, such as the number of rows. */
export type Dimension = number | string;

/**
 * An ONNX graph under construction; names are its edges.
 * Format: ONNX, onnx.proto (IR version 8) and Operators.md of opset {@link opset}.
 */
export class OnnxGraph {
  private readonly name: string;
  private readonly nodes: Message[] = [];
  private readonly constants: Message[] = [];
  private readonly inputs: Message[] = [];
  private readonly outputs: Message[] = [];
  private count = 0;

  /** @param name of the graph */
  constructor(name: string) {
    this.name = name;
  }

  input(name: string, type: OnnxType, shape: readonly Dimension[]): string {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Makes an edge that stands there already one of the graph's outputs. */
  output(name: string, type: OnnxType, shape: readonly Dimension[]): void {
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** Numbers that are part of the graph. @param name unlike any other's; `c0`, `c1` … when absent */
  constant({ dtype, shape, data }: NumberArray, name = `c${this.count++}`): string {
    if (!Object.hasOwn(typeCodes, dtype) || elementCount(shape) !== data.length) {
      throw new TypeError(`onnx: ${name} must be of a type we write, with as many numbers as its shape says.`);
    }
    this.constants.push([
      ...shape.flatMap((length) => wholeField(1, length)),
      ...wholeField(2, typeCodes[dtype as OnnxType]),
      ...textField(8, name),
      ...messageField(9, [bytesOf(data)]),
    ]);
    return name;
  }

  /** Whole numbers such as axes and shapes, which operators take as int64. */
  wholes(...values: number[]): string {
    return this.constant({ dtype: "int64", shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  /** Adds an operator. @returns the name of its (first) output */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `n${this.count++}`,
  ): string {
    this.nodes.push([
      ...inputs.flatMap((name) => textField(1, name)),
      ...textField(2, output),
      ...textField(3, output),
      ...textField(4, type),
      ...Object.entries(attributes).flatMap(([name, value]) => messageField(5, attributeMessage(name, value))),
    ]);
    return output;
  }

  /** The model's file. @param metadata words about it, by name  @param producer who wrote it, and of which version */
  bytes(
    metadata: ReadonlyMap<string, string>,
    producer: { readonly name: string; readonly version: string },
  ): Uint8Array {
    const graph = [
      ...this.nodes.flatMap((node) => messageField(1, node)),
      ...textField(2, this.name),
      ...this.constants.flatMap((tensor) => messageField(5, tensor)),
      ...this.inputs.flatMap((info) => messageField(11, info)),
      ...this.outputs.flatMap((info) => messageField(12, info)),
    ];
    return messageBytes([
      ...wholeField(1, irVersion),
      ...textField(2, producer.name),
      ...textField(3, producer.version),
      ...messageField(7, graph),
      ...messageField(8, [...textField(1, ""), ...wholeField(2, opset)]),
      ...[...metadata].flatMap(([key, value]) => messageField(14, [...textField(1, key), ...textField(2, value)])),
    ]);
  }
}

function attributeMessage(name: string, value: Attribute): Message {
  const [kind] = Object.keys(value) as (keyof typeof attributeTypes)[];
  const content =
    "int" in value
      ? wholeField(3, value.int)
      : "float" in value
        ? floatField(2, value.float)
        : "string" in value
          ? textField(4, value.string)
          : value.ints.flatMap((int) => wholeField(8, int));
  return [...textField(1, name), ...content, ...wholeField(20, attributeTypes[kind])];
}

function valueInfo(name: string, type: OnnxType, shape: readonly Dimension[]): Message {
  const dimensions = shape.flatMap((length) =>
    messageField(1, typeof length === "number" ? wholeField(1, length) : textField(2, length)),
  );
  const tensor = [...wholeField(1, typeCodes[type]), ...messageField(2, dimensions)];
  return [...textField(1, name), ...messageField(2, messageField(1, tensor))];
}
