import { HyperError } from "../core/errors.ts";

/** A sampler with an end, as Grid is, has given all its trials. */
export class NoTrialLeftError extends HyperError {
  override name = "NoTrialLeftError";
}
