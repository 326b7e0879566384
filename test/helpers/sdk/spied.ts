/** Nodes that are watched: how often they are asked, how deep the questions go, and what they answer instead. */
import type { Provider } from "ethers";

import type { Context } from "../../../sdk/src/context";
import type { Side } from "../../../sdk/src/types";

/** One request, as ethers' provider knows it. */
export interface Request {
  readonly side: Side;
  readonly method: string;
  readonly parameters: readonly unknown[];
}

/** What comes of a request; `proceed` asks the node. */
export type Answering = (request: Request, proceed: () => Promise<unknown>) => Promise<unknown>;

/** A watched context. */
export interface Spied {
  readonly context: Context;
  /** Requests so far, as "l2 call", in order. */
  readonly requests: () => readonly string[];
  /** How many of them had to wait for one another: the round trips that a user waits for. */
  readonly depth: () => number;
}

const methods: readonly string[] = ["call", "getLogs", "getBlock", "getBlockNumber", "getStorage"];

/** `context` with both of its nodes watched, and answering by `answering`. */
export function spied(context: Context, answering: Answering = async (_request, proceed) => proceed()): Spied {
  const requests: string[] = [];
  let deepest = 0;
  let answered = 0;
  const watch = (side: Side, provider: Provider): Provider =>
    new Proxy(provider, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        const method = member.bind(target) as (...parameters: readonly unknown[]) => Promise<unknown>;
        if (!methods.includes(String(name))) return method;
        return async (...parameters: readonly unknown[]) => {
          requests.push(`${side} ${String(name)}`);
          const depth = answered + 1;
          deepest = Math.max(deepest, depth);
          const answer = await answering({ side, method: String(name), parameters }, () => method(...parameters));
          answered = Math.max(answered, depth);
          return answer;
        };
      },
    });
  return {
    context: { ...context, l1: watch("l1", context.l1), l2: watch("l2", context.l2) },
    requests: () => [...requests],
    depth: () => deepest,
  };
}

/** The error that `action` ends with; it is one itself when the action succeeds. */
export async function errorOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  );
}
