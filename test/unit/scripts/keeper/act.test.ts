import { expect } from "chai";

import { checkHex } from "../../../../sdk/src/check";
import { type DueDecision, act } from "../../../../scripts/lib/keeper/act";
import { type World, chainOf, chainWorlds, localAccount, watched } from "../chain/localChain";

describe("act", () => {
  const decisionOf = ({ local, touch }: World, data = touch.data): DueDecision => {
    const to = checkHex("to", touch.to ?? "", 20);
    const call = { chain: "l2", chainId: local.chainId, to, data: checkHex("data", data), value: 0n } as const;
    const crank = { action: "skim", chain: "l2", why: "it is due", value: 0n, cost: 0n } as const;
    return { ...crank, isDue: true, call, maxGasPrice: 10n ** 12n };
  };

  it("goes on after an order that the node refuses for good, so that it holds up no other", async () => {
    const { l1, l2 } = await chainWorlds();
    const refusing = watched(l2.chain.provider, async (method, _params, proceed) => {
      if (method === "eth_sendRawTransaction") throw new Error("exceeds block gas limit");
      return proceed();
    });
    const chains = { l1: l1.chain, l2: chainOf("l2", refusing, l2.local.chainId) };
    const outcome = await act({ chains, account: localAccount(3) }, decisionOf(l2));
    expect(outcome).to.include({ type: "refused" });
    expect("reason" in outcome && outcome.reason).to.include("exceeds block gas limit");
  });

  it("goes on after an order that is too large for its chain", async () => {
    const { l1, l2 } = await chainWorlds();
    const decision = decisionOf(l2, `${l2.touch.data}${"00".repeat(65_536)}`);
    const outcome = await act({ chains: { l1: l1.chain, l2: l2.chain }, account: localAccount(3) }, decision);
    expect(outcome).to.include({ type: "refused" });
  });
});
