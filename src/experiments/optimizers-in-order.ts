import { optimizers } from "../optim/registry.ts";

/** The chapter's four rules, in the order in which the original draws their weights. */
export const bookOptimizers = ["SGD", "Momentum", "AdaGrad", "Adam"];

/** Every rule: those of the book first. The place in this list is also a rule's colour and marker. */
export const optimizersInOrder = [
  ...bookOptimizers.map((label) => optimizers.find((optimizer) => optimizer.label === label)!),
  ...optimizers.filter(({ label }) => !bookOptimizers.includes(label)),
];
