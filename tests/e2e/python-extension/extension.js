// The active environment is the setting python.defaultInterpreterPath, changes included.
const vscode = require("vscode");

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  const active = () => vscode.workspace.getConfiguration("python").get("defaultInterpreterPath");
  context.subscriptions.push(
    changed,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("python.defaultInterpreterPath")) changed.fire({ path: active() });
    }),
  );
  return {
    ready: Promise.resolve(),
    environments: {
      onDidChangeActiveEnvironmentPath: changed.event,
      getActiveEnvironmentPath: () => ({ id: active(), path: active() }),
      resolveEnvironment: ({ path }) => Promise.resolve({ path, executable: { uri: vscode.Uri.file(path) } }),
    },
  };
};
