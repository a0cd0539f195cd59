import type { FromPage } from "./messages";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const api = acquireVsCodeApi();
export const say = (message: FromPage): void => api.postMessage(message);
