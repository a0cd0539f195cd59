import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** A tab's icon does not take the theme's colour by itself. */
export function icons(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const at = (kind: string) => vscode.Uri.joinPath(extension, "media", `goals-${kind}.svg`);
  return { light: at("light"), dark: at("dark") };
}

/** A webview's frame: our own script and style and nothing else, by a policy that says so. */
export function frame(webview: vscode.Webview, extension: vscode.Uri, script: string, title: string): string {
  const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", name)).toString();
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; font-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="stylesheet" href="${at("style.css")}">
</head>
<body><main id="root"><p class="quiet" role="status">${vscode.l10n.t("Loading…")}</p></main><script nonce="${nonce}" src="${at(script)}"></script></body>
</html>`;
}
