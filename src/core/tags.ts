/** What tells runs of one experiment apart beside their name, such as `{ weightInitStd: 0.01 }`. */
export type Tags = Readonly<Record<string, number | string>>;
