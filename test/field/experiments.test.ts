import { anyExperiment } from "./any-experiment.ts";

anyExperiment(40);
