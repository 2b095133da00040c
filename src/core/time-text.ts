const two = (value: number) => String(value).padStart(2, "0");

/**
 * A moment as a person reads it, in the time of the machine with its distance from UTC: `2026-11-26 18:05:09 +09:00`.
 * @param time milliseconds since 1970, or ISO 8601
 * @param options.seconds left out when false
 */
export function timeText(time: number | string, { seconds = true }: { readonly seconds?: boolean } = {}): string {
  const date = new Date(time);
  const day = [String(date.getFullYear()).padStart(4, "0"), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const clock = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])].map(two).join(":");
  const offset = -date.getTimezoneOffset();
  const size = Math.abs(offset);
  return `${day} ${clock} ${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
