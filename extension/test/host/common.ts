import { inject } from "vitest";
import { Server } from "./server";

/** The server that files share: each has learners of its own there, and leaves all else as it is. */
export const common = (): Server => Server.join(inject("server"));
