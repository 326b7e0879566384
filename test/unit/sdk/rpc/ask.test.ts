import { expect } from "chai";

import { ParameterError } from "../../../../sdk/src/errors";
import { ask, throwIfAborted } from "../../../../sdk/src/rpc/ask";
import { rejectionOf, thrownBy } from "../../../helpers/sdk/thrownBy";

const never = () => new Promise<never>(() => undefined);

describe("ask", () => {
  it("gives the answer", async () => {
    expect(await ask("l2", "eth_call", {}, () => Promise.resolve(5))).to.equal(5);
  });

  it("names chain, method and cause when the node fails", async () => {
    const cause = new Error("502 Bad Gateway");
    const error = await rejectionOf(ask("l1", "eth_getLogs", {}, () => Promise.reject(cause)));
    expect(error).to.include({ name: "RpcError", side: "l1", method: "eth_getLogs", cause });
    expect(error).to.have.property(
      "message",
      "The node of l1 failed at eth_getLogs: 502 Bad Gateway. Try again, or use another node.",
    );
  });

  it("also when it fails before it returns, and by what is no error", async () => {
    const request = () => {
      throw new Error("no connection");
    };
    expect(await rejectionOf(ask("l1", "eth_call", {}, request))).to.include({ name: "RpcError" });
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    expect(await rejectionOf(ask("l1", "eth_call", {}, () => Promise.reject("gone")))).to.include({ cause: "gone" });
  });

  it("lets errors of its own through", async () => {
    const own = new ParameterError("number", 5, "give another");
    expect(await rejectionOf(ask("l1", "eth_call", {}, () => Promise.reject(own)))).to.equal(own);
  });

  it("ends after the timeout when the node hangs", async () => {
    const error = await rejectionOf(ask("l2", "eth_call", { timeout: 10 }, never));
    expect(error).to.include({ name: "RpcTimeoutError", side: "l2", method: "eth_call", milliseconds: 10 });
  });

  it("does not take a very long timeout for none", async () => {
    for (const timeout of [2 ** 31, 2 ** 40, Infinity]) {
      const slow = () => new Promise((resolve) => setTimeout(resolve, 20, "late"));
      expect(await ask("l2", "eth_call", { timeout }, slow)).to.equal("late");
    }
  });

  for (const timeout of [0, -1, Number.NaN]) {
    it(`refuses a timeout of ${timeout}`, async () => {
      const error = await rejectionOf(ask("l2", "eth_call", { timeout }, never));
      expect(error).to.include({ name: "ParameterError", parameter: "timeout" });
    });
  }

  it("ends by the signal, with its reason", async () => {
    const controller = new AbortController();
    const asked = rejectionOf(ask("l2", "eth_call", { signal: controller.signal }, never));
    controller.abort("enough");
    expect(await asked).to.include({ name: "AbortedError", operation: "eth_call", cause: "enough" });
  });

  it("sends nothing when the signal is aborted already", async () => {
    let sent = 0;
    const request = () => Promise.resolve(sent++);
    const error = await rejectionOf(ask("l2", "eth_call", { signal: AbortSignal.abort() }, request));
    expect(error).to.include({ name: "AbortedError" });
    expect(sent).to.equal(0);
  });

  it("lets no failure escape that comes after the timeout", async () => {
    const escaped: unknown[] = [];
    const listener = (reason: unknown) => escaped.push(reason);
    process.on("unhandledRejection", listener);
    const late = () =>
      new Promise<never>((_resolve, reject) => {
        setTimeout(() => {
          reject(new Error("late"));
        }, 15);
      });
    await rejectionOf(ask("l2", "eth_call", { timeout: 5 }, late));
    await new Promise((resolve) => setTimeout(resolve, 30));
    process.off("unhandledRejection", listener);
    expect(escaped).to.deep.equal([]);
  });
});

describe("throwIfAborted", () => {
  it("throws for an aborted signal, and for no other", () => {
    expect(
      thrownBy(() => {
        throwIfAborted("send", AbortSignal.abort("x"));
      }),
    ).to.include({ operation: "send", cause: "x" });
    expect(
      thrownBy(() => {
        throwIfAborted("send", new AbortController().signal);
      }),
    ).to.equal(undefined);
    expect(
      thrownBy(() => {
        throwIfAborted("send", undefined);
      }),
    ).to.equal(undefined);
  });
});
