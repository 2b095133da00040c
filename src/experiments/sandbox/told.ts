import { DataError, HyperError } from "../../core/errors.ts";
import { inLanguage, type Text } from "../../core/text.ts";

/** There is nothing to learn from; one sentence in both languages. */
export class SandboxDataError extends DataError {
  readonly text: Text;

  constructor(text: Text) {
    super(inLanguage(text, "en"));
    this.text = text;
  }
}

/** Settings that do not go together; one sentence in both languages. */
export class SandboxSettingError extends HyperError {
  readonly text: Text;

  constructor(text: Text) {
    super(inLanguage(text, "en"));
    this.text = text;
  }
}
