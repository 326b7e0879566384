/** A value that was read, or why it could not be: never 0 in its place. */
export type Reading<T> =
  { readonly type: "known"; readonly value: T } | { readonly type: "unknown"; readonly reason: string };

/** The result of `read`, or the reason why it failed, fit to be shown: endpoints are named without what may be a key in their address. */
export async function attempt<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return known(await read());
  } catch (error) {
    return { type: "unknown", reason: reasonOf(error) };
  }
}

/** A reading of something that is there. */
export function known<T>(value: T): Reading<T> {
  return { type: "known", value };
}

/** The value, or `undefined` where it is unknown. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.type === "known" ? reading.value : undefined;
}

/** What was made of a reading; unknown stays unknown. */
export function mapReading<T, R>(reading: Reading<T>, change: (value: T) => R): Reading<R> {
  return reading.type === "known" ? known(change(reading.value)) : reading;
}

/** An error in one line of at most 200 characters, without paths, queries and passwords of addresses. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = redact(message).replaceAll(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

const longest = 200;

/** The text with every web address cut to scheme and host: what follows, or stands before the host, may be a key. */
export function redact(text: string): string {
  return text.replaceAll(/\b(https?|wss?):\/\/(?:[^\s/"'@]*@)?([^\s/"'?#,;)\]}]+)[^\s"',;)\]}]*/gi, "$1://$2");
}
