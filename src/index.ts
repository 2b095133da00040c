/**
 * Tanren as a library: build a network, train it, look at why it trains. Everything of `@tanren/core`, with the experiments,
 * their figures and what a study shows.
 *
 * @module
 */

export type { RunRecord, Series } from "./core/record.ts";
export * from "./core-index.ts";
export * from "./experiments/ch06/index.generated.ts";
export { chapter, experimentNamed, nextPages } from "./experiments/registry.ts";
export type { FigureSpec } from "./figure/figure-spec.ts";
export { renderSvg, type SvgOptions } from "./figure/svg.ts";
export { renderTerminal } from "./figure/terminal.ts";
export { defineExperiment, type Experiment, type TypedExperiment } from "./runs/experiment.ts";
export * from "./search/views/library.ts";
