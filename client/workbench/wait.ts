export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The first value that is neither empty nor an error; what never comes is an error with its name. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  { timeout = 30_000, every = 200 } = {},
): Promise<T> {
  const end = Date.now() + timeout;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await sleep(every);
  }
  throw new Error(`timed out waiting for ${what}`, { cause: last });
}
