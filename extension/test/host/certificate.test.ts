import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Certificates, type Kind } from "./certificates";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { Front } from "./front";
import { TITLE, wrong } from "./lighthouse";
import { type Account, PASSWORD, type Server } from "./server";

let certificates: Certificates;
let server: Server;
let front: Front;
let ada: Account;
let editor: Editor;

beforeAll(async () => {
  certificates = new Certificates();
  server = common();
  front = await Front.start(server.port, certificates.of("good"));
  ada = await server.beginner();
  // A desktop takes authorities from the system's own list; that of this machine is not ours to change.
  editor = await Editor.start(front.url, {
    settings: { "http.systemCertificates": false },
    env: { NODE_EXTRA_CA_CERTS: certificates.authority },
  });
});
afterAll(async () => {
  await editor.stop();
  await front.stop();
});
shootFailures(() => editor);

const status = (words: string) => editor.page.locator(".statusbar-item", { hasText: words });
const runs = async () => (await ada.events()).filter((event) => event.type === "goals.run.requested").length;

describe("over TLS with an authority of the organisation's own", () => {
  it("says at sign-in what is wrong with a certificate it does not trust, once, and works with one it does", async () => {
    front.use(certificates.of("issuer"));
    await editor.showGoals();
    await editor.page.getByRole("button", { name: "Sign In" }).first().click();
    await editor.page.getByText("is from an authority this machine does not know").first().waitFor();
    await editor.shot("20-certificate-at-sign-in");
    expect(await editor.toasts()).toHaveLength(1);
    await editor.command("Notifications: Clear All Notifications");
    front.use(certificates.of("good"));
    await editor.signIn(server.url, ada.email, PASSWORD);
    await editor.openGoal(TITLE);
    await editor.write(wrong(0));
    await expect.poll(runs).toBe(1);
  });

  it.each<[Kind, string]>([
    ["expired", "has expired"],
    ["early", "is not valid yet"],
    ["name", "is for another address"],
    ["issuer", "is from an authority this machine does not know"],
  ])(
    "names a certificate that is wrong (%s), keeps what is done, asks rarely, and sends it later, once",
    async (kind, words) => {
      const [before, toasts] = [await runs(), (await editor.toasts()).length];
      front.use(certificates.of(kind));
      await status("not connected").waitFor();
      const tried = front.connections;
      for (const n of [1, 2, 3]) await editor.write(wrong(n + before));
      await editor.page.locator(".pane").getByText(words).waitFor();
      await pause(3_000); // what it does all the while is not to be a storm
      expect(front.connections - tried).toBeLessThan(6);
      expect((await editor.toasts()).slice(toasts)).toEqual([]);
      await status("not connected").click();
      await editor.page.locator(".notification-toast", { hasText: words }).waitFor();
      await editor.shot(`20-certificate-${kind}`);
      front.use(certificates.of("good"));
      await editor.page.locator(".notification-toast").getByRole("button", { name: "Try Again" }).click();
      await status("min").waitFor();
      await expect.poll(runs).toBe(before + 3);
      await status("waiting").waitFor({ state: "detached" });
      expect(await runs()).toBe(before + 3);
    },
  );
});
