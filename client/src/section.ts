/** The prefix of every setting and command, and the client's id. */
export const SECTION = "shapelens";

/** The documents that ShapeLens reads. */
export const SELECTOR = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
];
