/** As much of VS Code as the observer of edits listens to: events that the measurement fires itself. */
type Listener = (event: unknown) => void;
export const edits = new Set<Listener>();

const silent = () => ({ dispose: () => undefined });
export const workspace = {
  onDidChangeTextDocument: (listener: Listener) => (edits.add(listener), { dispose: () => edits.delete(listener) }),
  onDidSaveTextDocument: silent,
};
export const window = { onDidChangeActiveTextEditor: silent, onDidChangeWindowState: silent };
