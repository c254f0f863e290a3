/** VS Code's class of this name has no part but this one, and plain objects serve as well. */
export interface Disposable {
  dispose(): unknown;
}
