import { refuse } from "../core/checks.ts";
import { suggestName } from "../core/errors.ts";
import { type Hyper, numberOf } from "../core/hyper.ts";
import type { RandomStream } from "../core/random.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Text } from "../core/text.ts";
import { type Typed, typed } from "../core/typed.ts";
import { fillOrthogonal } from "./orthogonal.ts";

/** A way to draw a weight matrix W [in, out]. */
export interface WeightInit {
  readonly name: string;
  readonly about: Text;
  readonly paper: string;
  /** What one weight takes from the random stream. */
  readonly draws: "normal" | "double";
  draw(w: Tensor, stream: RandomStream): void;
}

/** An initialiser that needs no values: `he` and `he()` are the same. */
export type TypedWeightInit = Typed<WeightInit, Record<never, never>, WeightInit>;

function defineInit(init: WeightInit): TypedWeightInit {
  return typed(init, () => init);
}

/** The size of the weights of a layer by how many numbers come into it and go out. */
type SizeOf = (fanIn: number, fanOut: number) => number;

/** W = scale · randn, row-major. */
function normal(name: string, scale: SizeOf, paper: string, about: Text): TypedWeightInit {
  const draw: WeightInit["draw"] = (w, stream) => stream.fillNormal(w.data, scale(w.rows, w.cols));
  return defineInit({ name, about, paper, draws: "normal", draw });
}

/** W uniform in [−limit, limit), row-major: the same variance as a normal of limit/√3. */
function uniform(name: string, limit: SizeOf, paper: string, about: Text): TypedWeightInit {
  const draw: WeightInit["draw"] = (w, stream) => {
    const bound = limit(w.rows, w.cols);
    for (let i = 0; i < w.data.length; i++) {
      w.data[i] = stream.uniform(-bound, bound);
    }
  };
  return defineInit({ name, about, paper, draws: "double", draw });
}

const heEtAl = "He, Zhang, Ren & Sun 2015, §2.2";
const glorotBengio = "Glorot & Bengio 2010, §4.2.1";
const lecunEtAl = "LeCun, Bottou, Orr & Müller 1998, §4.6";

export const he = normal("he", (n) => Math.sqrt(2 / n), heEtAl, {
  en: "normal, std √(2/in): for ReLU",
  ja: "正規分布、標準偏差 √(2/入力数)。ReLU 向け",
});

/** The book's: √(1/in), which others call LeCun's. */
export const xavier = normal("xavier", (n) => Math.sqrt(1 / n), glorotBengio, {
  en: "normal, std √(1/in): the book's Xavier, for sigmoid and tanh",
  ja: "正規分布、標準偏差 √(1/入力数)。本での Xavier。sigmoid・tanh 向け",
});

export const glorot = normal("glorot", (n, m) => Math.sqrt(2 / (n + m)), glorotBengio, {
  en: "normal, std √(2/(in + out)): Xavier as published",
  ja: "正規分布、標準偏差 √(2/(入力数+出力数))。論文どおりの Xavier",
});

export const lecun = normal("lecun", (n) => Math.sqrt(1 / n), lecunEtAl, {
  en: "normal, std √(1/in)",
  ja: "正規分布、標準偏差 √(1/入力数)",
});

export const heUniform = uniform("heUniform", (n) => Math.sqrt(6 / n), heEtAl, {
  en: "uniform, std √(2/in)",
  ja: "一様分布、標準偏差 √(2/入力数)",
});

export const glorotUniform = uniform("glorotUniform", (n, m) => Math.sqrt(6 / (n + m)), glorotBengio, {
  en: "uniform, std √(2/(in + out))",
  ja: "一様分布、標準偏差 √(2/(入力数+出力数))",
});

export const lecunUniform = uniform("lecunUniform", (n) => Math.sqrt(3 / n), lecunEtAl, {
  en: "uniform, std √(1/in)",
  ja: "一様分布、標準偏差 √(1/入力数)",
});

export const orthogonal = defineInit({
  name: "orthogonal",
  about: { en: "orthonormal rows or columns", ja: "行または列が正規直交する行列" },
  paper: "Saxe, McClelland & Ganguli 2014, §3",
  draws: "normal",
  draw: fillOrthogonal,
});

/** Weight initialisers by name. */
export const weightInits: readonly WeightInit[] = [
  he,
  xavier,
  glorot,
  lecun,
  heUniform,
  glorotUniform,
  lecunUniform,
  orthogonal,
];

/** By all their names, the book's other words for two of them among these. */
const named: readonly (readonly [name: string, init: WeightInit])[] = [
  ...weightInits.map((init) => [init.name, init] as const),
  ["relu", he],
  ["sigmoid", xavier],
];

/** A name of {@link weightInits}, or the standard deviation of a normal. */
export type WeightInitName = string | number;

/** The initialiser of that name; one given as a value is taken as it is. @throws HyperError that suggests the nearest name */
export function weightInitNamed(init: WeightInitName | WeightInit): WeightInit {
  if (typeof init === "function" || (typeof init === "object" && init !== null)) {
    return init;
  }
  if (typeof init === "number" && Number.isFinite(init) && init >= 0) {
    return normal("std", () => init, "–", { en: "normal of a given std", ja: "指定した標準偏差の正規分布" });
  }
  const given = String(init);
  return (
    named.find(([name]) => name.toLowerCase() === given.toLowerCase())?.[1] ??
    refuse(
      { en: "weightInit:", ja: "weightInit: " },
      { en: "a standard deviation ≥ 0 or a known name", ja: "0以上の標準偏差か、既知の名前" },
      init,
      suggestName(
        given,
        named.map(([name]) => name),
      ),
    )
  );
}

/** A setting that takes an initialiser's name or a standard deviation. */
export function weightInitSetting(spec: { default: WeightInitName; about: Text }): Hyper<WeightInitName> {
  const names = weightInits.map(({ name }) => name);
  const range = {
    en: `a standard deviation ≥ 0, or one of ${names.join(", ")}`,
    ja: `0以上の標準偏差、または ${names.join("、")} のいずれか`,
  };
  const check = (value: unknown, name: string): WeightInitName => {
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) {
      return value;
    }
    if (typeof value === "string") {
      return weightInitNamed(value).name;
    }
    return refuse({ en: `${name}:`, ja: `${name}: ` }, range, value);
  };
  return {
    kind: "choice",
    default: spec.default,
    about: spec.about,
    range,
    options: names,
    parse(text, name) {
      const value = numberOf(text);
      return check(Number.isNaN(value) ? text.trim() : value, name);
    },
    check,
  };
}
