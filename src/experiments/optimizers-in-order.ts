import { optimizers } from "../optim/registry.ts";

/** The chapter's four rules, in the order in which the original draws their weights. */
export const bookOptimizers = ["SGD", "Momentum", "AdaGrad", "Adam"];

/** The chapter's rules, and the two others that its author wrote. */
const first = [...bookOptimizers, "Nesterov", "RMSprop"];

/** Every rule: those of the book first. The place in this list is also a rule's colour and marker. */
export const optimizersInOrder = [
  ...first.map((label) => optimizers.find((optimizer) => optimizer.label === label)!),
  ...optimizers.filter(({ label }) => !first.includes(label)),
];

/** The style of a typed rule: right behind the book's, before all others. */
export const customStyle = first.length;
