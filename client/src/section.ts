/** The prefix of every setting and command, and the client's id. */
export const SECTION = "shapelens";

/** The documents that ShapeLens reads: files, new ones, and the cells of notebooks of either kind. */
export const SELECTOR = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "vscode-notebook-cell", language: "python" },
];
