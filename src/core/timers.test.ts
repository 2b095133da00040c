import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { every, ownTimers, waitableTime } from "./timers.ts";

const day = 24 * 3600 * 1000;

describe("a process's own timers", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([1, day, 24 * day, 25 * day, 30 * day, 365 * day])("wait %i ms, however long that is", (milliseconds) => {
    const action = vi.fn();
    ownTimers.after(milliseconds, action);
    vi.advanceTimersByTime(milliseconds - 1);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledOnce();
  });

  test("wait for ever where that is asked", () => {
    const action = vi.fn();
    ownTimers.after(Number.POSITIVE_INFINITY, action);
    vi.advanceTimersByTime(1000 * day);
    expect(action).not.toHaveBeenCalled();
  });

  test.each([10, 60 * day])("are called off, also on the way (%i)", (milliseconds) => {
    const action = vi.fn();
    const callOff = ownTimers.after(milliseconds, action);
    vi.advanceTimersByTime(milliseconds / 2);
    callOff();
    vi.advanceTimersByTime(2 * milliseconds);
    expect(action).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("repeat as seldom as they are told to", () => {
    const action = vi.fn();
    const end = every(ownTimers, 30 * day, action);
    vi.advanceTimersByTime(100 * day);
    expect(action).toHaveBeenCalledTimes(3);
    end();
  });
});

test("a time that cannot be waited for is refused; Infinity can", () => {
  for (const value of [Number.NaN, -1, "5", null]) {
    expect(() => waitableTime("optimize", "timeoutMs", value as number)).toThrow(
      /^optimize: timeoutMs must be a number of milliseconds of 0 or more, got .*\. Leave it out for the usual time\.$/,
    );
  }
  expect(() => waitableTime("openStudy", "leaseMs", 0, 1)).toThrow("of 1 or more, got 0.");
  for (const value of [undefined, 0, 0.5, 1e12, Number.POSITIVE_INFINITY]) {
    waitableTime("optimize", "timeoutMs", value);
  }
});
