import * as vscode from "vscode";

export type LocalRuns = "auto" | "always" | "never";

/** The settings, typed; each getter reads afresh, so nothing has to be told of changes but who shows them. */
export class Config {
  private get<T>(name: string, scope?: vscode.Uri): T {
    const value = vscode.workspace.getConfiguration("goals", scope ?? null).get<T>(name);
    if (value === undefined) throw new Error(`the setting goals.${name} is not declared in package.json`);
    return value;
  }

  /** Without a slash at its end. */
  get server(): string {
    return this.get<string>("server").trim().replace(/\/+$/, "");
  }

  folder = (scope: vscode.Uri): string => this.get("folder", scope);
  runOnSave = (scope: vscode.Uri): boolean => this.get("runOnSave", scope);
  codeLens = (scope: vscode.Uri): boolean => this.get("hints.codeLens", scope);
  inlineFeedback = (scope: vscode.Uri): boolean => this.get("feedback.inline", scope);

  get python(): string {
    return this.get("python");
  }

  /** Never in a workspace the learner does not trust. */
  get localRuns(): LocalRuns {
    return vscode.workspace.isTrusted ? this.get("localRuns") : "never";
  }

  get moodQuestions(): boolean {
    return this.get("mood.ask");
  }

  get lake(): boolean {
    return this.get("lake.sync");
  }

  get statusBar(): boolean {
    return this.get("statusBar");
  }

  /** Summaries of editing; runs, hints and answers are what the learner asks for and are always sent. */
  get activity(): boolean {
    return vscode.env.isTelemetryEnabled && this.get("activity.send");
  }
}
