/**
 * The way by which other processes reach a local node: an HTTP endpoint on loopback that passes requests on one at a time, keeps the ledger of METIS after
 * each transaction, and tells of each before its sender hears of it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import type { LocalNode } from "../localNode";

/** An open door. */
export interface Door {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** What a door is opened with. */
export interface DoorOptions {
  /** The node's own endpoint. */
  readonly url: string;
  /** Runs after each transaction that the node took. */
  readonly settle: () => Promise<unknown>;
  /** Keeps others away from the node meanwhile, see {@link createTurns}. */
  readonly turns: Turns;
  /** Is told of each transaction that came through. Its sender is answered only when this says so. */
  readonly onSent?: () => Promise<boolean>;
}

/** Runs one thing after the other. */
export type Turns = <T>(act: () => Promise<T>) => Promise<T>;

const host = "127.0.0.1";
const sending = ["eth_sendRawTransaction", "eth_sendTransaction"];

/** A queue: what is given to it runs when all before it has ended. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return async (act) => {
    const turn = last.then(act, act);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** From now on what this provider sends waits for its turn, too. */
export function takeTurns(node: LocalNode, turns: Turns): void {
  const send = node.send.bind(node);
  node.send = async (method, parameters) => {
    if (!sending.includes(method)) return send(method, parameters);
    return turns(async () => send(method, parameters));
  };
}

/** Opens a door to a node, on a port that is free. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://${host}:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

async function answer(options: DoorOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const isSending = sending.some((method) => body.includes(`"${method}"`));
  const text = isSending ? await options.turns(async () => sendOn(options, body)) : await pass(options.url, body);
  const isTold = !isSending || !isTaken(text) || ((await options.onSent?.()) ?? true);
  if (!isTold) {
    response.destroy();
    return;
  }
  response.writeHead(200, { "content-type": "application/json" }).end(text);
}

async function sendOn({ url, settle }: DoorOptions, body: string): Promise<string> {
  const text = await pass(url, body);
  await settle();
  return text;
}

async function pass(url: string, body: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body });
  return response.text();
}

function isTaken(text: string): boolean {
  const answered: unknown = JSON.parse(text);
  return typeof answered === "object" && answered !== null && "result" in answered;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
