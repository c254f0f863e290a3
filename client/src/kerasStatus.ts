/** How it is with the installed Keras, as the server tells it in `shapelens/status`. */
export interface KerasStatus {
  /** One sentence for a person. */
  readonly message: string;
  readonly busy: boolean;
  readonly broken: boolean;
}

export const KERAS_STATUS = "shapelens/status";

/** The client capability, an experimental one, that has the server send it. */
export const KERAS_STATUS_CAPABILITY = "shapelensStatus";

/** What the server sent; nothing when it is not what this version understands. */
export function readKerasStatus(value: unknown): KerasStatus | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { message, busy, broken } = value as Record<string, unknown>;
  if (typeof message !== "string") return undefined;
  return { message, busy: busy === true, broken: broken === true };
}
