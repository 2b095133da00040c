/** What a JavaScript engine's WebAssembly can do, found by validating some bytes: nothing is compiled or run. */

const header = [0, 97, 115, 109, 1, 0, 0, 0];

/** Returns a vector of the constant 0: valid only where SIMD is there. */
const simdProbe = [...header, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];

/** Multiplies and adds in one relaxed instruction: valid only where relaxed SIMD is there. */
const relaxedProbe = [
  ...[...header, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 253, 128, 2, 11],
];

const answers = new Map<readonly number[], boolean>();

function valid(probe: readonly number[]): boolean {
  let answer = answers.get(probe);
  if (answer === undefined) {
    answer = WebAssembly.validate(new Uint8Array(probe));
    answers.set(probe, answer);
  }
  return answer;
}

/** Whether this engine has WebAssembly at all; some browsers switch it off for safety. */
export function hasWasm(): boolean {
  return typeof WebAssembly === "object";
}

/** Whether this engine has 128-bit SIMD, which the fast kernels and compiled update rules need. */
export function hasSimd(): boolean {
  return hasWasm() && valid(simdProbe);
}

/** Whether this engine has relaxed SIMD (fused multiply–add). */
export function hasRelaxedSimd(): boolean {
  return hasSimd() && valid(relaxedProbe);
}
