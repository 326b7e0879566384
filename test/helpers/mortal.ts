/** Providers of a process that is killed: from one moment on nothing is asked or sent any more. */
import type { RpcProvider } from "../../scripts/lib/chain/chain";

/** Where a process dies: its transaction signed and not sent; sent, and not looked after; confirmed, and nothing made of it. */
export type Death = "signed" | "sent" | "confirmed";

/** What is said by all that a dead process would do. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A process with one life. */
export interface Life {
  /** A provider that dies with the process. */
  readonly over: (provider: RpcProvider) => RpcProvider;
  /** Throws when the process is dead. */
  readonly breathe: () => void;
}

/** A process that dies at its first transaction, in this way. */
export function lifeUntil(death: Death): Life {
  let isDead = false;
  let isSent = false;
  const breathe = () => {
    if (isDead) throw new Killed();
  };
  const before = (method: string, request: unknown) => {
    const isBroadcast = method === "send" && request === "eth_sendRawTransaction";
    // What a run does with a confirmed transaction begins with a look at the state.
    const isLook = method === "getCode" || method === "call";
    if ((isBroadcast && death === "signed") || (isSent && isLook && death === "confirmed")) isDead = true;
    breathe();
    return isBroadcast;
  };
  const after = () => {
    isSent = true;
    if (death === "sent") isDead = true;
  };
  const over = (provider: RpcProvider): RpcProvider =>
    new Proxy(provider, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...parameters: readonly unknown[]) => {
          const isBroadcast = before(String(name), parameters[0]);
          try {
            const answer: unknown = await Reflect.apply(member, target, parameters);
            breathe();
            return answer;
          } finally {
            // A node may know the transaction already, and say so by an error.
            if (isBroadcast) after();
          }
        };
      },
    });
  return { over, breathe };
}
