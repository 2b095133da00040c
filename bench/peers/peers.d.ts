// What bench/peers/jax-js.ts uses of its peer, so that types can be checked where the peer is not installed.
declare module "@jax-js/jax" {
  export interface Array {
    readonly ref: Array;
    add(x: Array | number): Array;
    sub(x: Array | number): Array;
    mul(x: Array | number): Array;
    div(x: Array | number): Array;
    sum(): Array;
    data(): Promise<ArrayLike<number>>;
    dispose(): void;
  }
  export const numpy: {
    array(values: number | Float32Array, options?: { shape: number[] }): Array;
    zeros(shape: number[]): Array;
    matmul(a: Array, b: Array): Array;
    square(a: Array): Array;
    sqrt(a: Array): Array;
  };
  export const lax: {
    conv(lhs: Array, rhs: Array, strides: number[], padding: [number, number][]): Array;
  };
  export function grad(f: (...args: never[]) => Array): (...args: unknown[]) => unknown;
  export const nn: { relu(a: Array): Array; logSoftmax(a: Array): Array };
  export function jit<F extends (...args: never[]) => unknown>(f: F): F;
  export function valueAndGrad(f: (...args: never[]) => Array): (...args: unknown[]) => unknown;
  export function init(device: "wasm"): Promise<unknown>;
  export function defaultDevice(device: "wasm"): unknown;
  export function blockUntilReady<T>(x: T): Promise<T>;
}
