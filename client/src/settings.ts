/** What the server is told, under the section `shapelens`. */
export interface ServerSettings {
  readonly inlayHints: { readonly layers: boolean; readonly tensors: boolean };
  readonly diagnostics: {
    readonly enabled: boolean;
    readonly warnings: boolean;
    readonly delay: number;
    readonly maxDelay: number;
  };
  readonly keras: { readonly enabled: boolean };
}

/** The same as in package.json; a test holds them together. */
export const DEFAULT_SETTINGS: ServerSettings = {
  inlayHints: { layers: true, tensors: true },
  diagnostics: { enabled: true, warnings: true, delay: 200, maxDelay: 1000 },
  keras: { enabled: true },
};

export type ReadSetting = (key: string) => unknown;

/** A value of the wrong type, which VS Code lets through, counts as not set. */
export function readServerSettings(read: ReadSetting): ServerSettings {
  const { inlayHints, diagnostics, keras } = DEFAULT_SETTINGS;
  const flag = (key: string, byDefault: boolean): boolean => {
    const value = read(key);
    return typeof value === "boolean" ? value : byDefault;
  };
  const milliseconds = (key: string, byDefault: number): number => {
    const value = read(key);
    return typeof value === "number" && value >= 0 ? value : byDefault;
  };
  return {
    inlayHints: {
      layers: flag("inlayHints.layers", inlayHints.layers),
      tensors: flag("inlayHints.tensors", inlayHints.tensors),
    },
    diagnostics: {
      enabled: flag("diagnostics.enabled", diagnostics.enabled),
      warnings: flag("diagnostics.warnings", diagnostics.warnings),
      delay: milliseconds("diagnostics.delay", diagnostics.delay),
      maxDelay: milliseconds("diagnostics.maxDelay", diagnostics.maxDelay),
    },
    keras: { enabled: flag("keras.enabled", keras.enabled) },
  };
}
