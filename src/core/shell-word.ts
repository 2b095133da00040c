/** A text as one word of a command that a person copies: in quotes where a shell would read it otherwise. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_@%+=:,./…][\p{L}\p{N}_@%+=:,./…-]*$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
