import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { SecureContextOptions, TLSSocket } from "node:tls";

/** What stands before a server in a data centre: it ends TLS, and sees and counts what passes. */
export class Front {
  /** Connections that were begun, whatever became of them. */
  connections = 0;
  /** The newest refresh token it has seen. */
  refresh = "";
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: http.Server | https.Server,
    private readonly to: number,
    private readonly scheme: string,
  ) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => this.pass(request, response));
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.tunnel(request, socket, head),
    );
    server.on("connection", (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    server.on("tlsClientError", (_: Error, socket: TLSSocket) => socket.destroy());
  }

  static async start(to: number, certificate?: SecureContextOptions): Promise<Front> {
    const server = certificate ? https.createServer(certificate) : http.createServer();
    const front = new Front(server, to, certificate ? "https" : "http");
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return front;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Another certificate from now on; who is connected is cut off. */
  use(certificate: SecureContextOptions): void {
    (this.server as https.Server).setSecureContext(certificate);
    this.cut();
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.cut();
    await once(this.server, "close");
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    const onward = http.request({ port: this.to, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (url?.startsWith("/v1/auth/")) this.look(answer);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  private look(answer: IncomingMessage): void {
    let text = "";
    answer.on("data", (data: Buffer) => (text += data.toString()));
    answer.on("end", () => {
      this.refresh = /"refresh_token": ?"([^"]+)"/.exec(text)?.[1] ?? this.refresh;
    });
  }

  private tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const lines = request.rawHeaders.flatMap((name, at, all) => (at % 2 ? [] : [`${name}: ${all[at + 1] ?? ""}`]));
    const onward = connect(this.to, "127.0.0.1", () => {
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  }
}
