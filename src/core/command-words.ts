/** A text as one word of a command that a person copies: in quotes where a shell would read it otherwise. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_@%+=:,./…][\p{L}\p{N}_@%+=:,./…-]*$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `--batch-size` of `batchSize`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A command as a person copies it: its flags as they are, all else as words of a shell. */
export function commandOf(words: readonly string[]): string {
  return words.map((word) => (/^--[a-z-]+$/.test(word) ? word : shellWord(word))).join(" ");
}
