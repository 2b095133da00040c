import { crc32c } from "../core/crc32.ts";
import { joined } from "../core/file-bytes.ts";
import { bytesOf } from "./number-array.ts";
import {
  doubleField,
  floatField,
  type Message,
  messageBytes,
  messageField,
  textField,
  wholeField,
} from "./protobuf.ts";

/** Counts of values between edges: `counts[i]` of them in (edges[i], edges[i + 1]]. */
export interface EventHistogram {
  /** [n + 1], rising */
  readonly edges: readonly number[];
  /** [n] */
  readonly counts: readonly number[];
}

/** What TensorBoard shows of one step, by tag; a tag's part before `/` is its section. */
export interface TensorboardEvent {
  /** Seconds since 1970. */
  readonly time: number;
  /** Whole number from 0. */
  readonly step: number;
  readonly scalars?: Readonly<Record<string, number>>;
  readonly histograms?: Readonly<Record<string, EventHistogram>>;
}

/**
 * Writes an event file for TensorBoard: records of TFRecord's framing (length, its masked CRC-32C, an `Event` message, its
 * masked CRC-32C), the first of which names the version. TensorBoard wants `tfevents` in the file's name, and takes the
 * folder's for the run's.
 * Format: TensorFlow, event.proto, summary.proto and record_writer.cc.
 */
export function tensorboardBytes(events: readonly TensorboardEvent[]): Uint8Array {
  const version = [...doubleField(1, events[0]?.time ?? 0), ...textField(3, "brain.Event:2")];
  return joined([version, ...events.map(eventMessage)].flatMap(framed));
}

/** One record: a message in TFRecord's framing. */
function framed(message: Message): Uint8Array[] {
  const data = messageBytes(message);
  const length = bytesOf(BigUint64Array.of(BigInt(data.length)));
  return [length, maskedChecksum(length), data, maskedChecksum(data)];
}

/** CRC-32C turned by 15 bits and shifted by a constant, so that checksums of data that hold checksums stay apart. */
function maskedChecksum(bytes: Uint8Array): Uint8Array {
  const crc = crc32c(bytes);
  return bytesOf(Uint32Array.of(((crc >>> 15) | (crc << 17)) + 0xa282ead8));
}

function eventMessage({ time, step, scalars = {}, histograms = {} }: TensorboardEvent): Message {
  const values = [
    ...Object.entries(scalars).map(([tag, value]) => [...textField(1, tag), ...floatField(2, value)]),
    ...Object.entries(histograms).map(([tag, histogram]) => [
      ...textField(1, tag),
      ...messageField(5, histogramMessage(histogram)),
    ]),
  ];
  const summary = values.flatMap((value) => messageField(1, value));
  return [...doubleField(1, time), ...wholeField(2, step), ...messageField(5, summary)];
}

/** The sums are those of values at their bins' middles: a histogram no longer knows the values themselves. */
function histogramMessage({ edges, counts }: EventHistogram): Message {
  const middles = counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
  const sum = (f: (middle: number) => number) => counts.reduce((total, n, i) => total + n * f(middles[i]), 0);
  // A limit is the right end of its bin; an empty bin in front says where the first begins.
  return [
    ...doubleField(1, edges[0]),
    ...doubleField(2, edges[edges.length - 1]),
    ...doubleField(
      3,
      sum(() => 1),
    ),
    ...doubleField(
      4,
      sum((middle) => middle),
    ),
    ...doubleField(
      5,
      sum((middle) => middle ** 2),
    ),
    ...messageField(6, [bytesOf(Float64Array.from(edges))]),
    ...messageField(7, [bytesOf(Float64Array.of(0, ...counts))]),
  ];
}
