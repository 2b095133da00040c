import { DataError, HyperError } from "../../core/errors.ts";

/** There is nothing to learn from. */
export class SandboxDataError extends DataError {}

/** Settings that do not go together. */
export class SandboxSettingError extends HyperError {}
