import type { FromPage, ToPage } from "./messages";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const api = acquireVsCodeApi();
export const say = (message: FromPage): void => api.postMessage(message);

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === "there") say({ type: "there" });
});
