import { expect } from "chai";

import { localChains } from "../../../../scripts/config/localChains";
import { type RunningNode, freePort, startNode } from "../../../../scripts/lib/nodes";
import { StakingPool__factory } from "../../../../sdk/src/generated/contracts";
import { DevelopmentNodeError, startEMetis } from "../../../../sdk/src/testing";

/** A node that answers from a table. */
function answering(answers: Readonly<Record<string, unknown>>) {
  return {
    request: ({ method }: { readonly method: string }): Promise<unknown> => Promise.resolve(answers[method]),
  };
}

/** What a kit on these nodes is rejected with. */
async function rejection(l1: Parameters<typeof answering>[0] | string, l2: Parameters<typeof answering>[0] | string) {
  const [first, second] = [l1, l2].map((node) => (typeof node === "string" ? node : answering(node)));
  return startEMetis({ nodes: { l1: first!, l2: second! } }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("startEMetis on nodes of the caller", () => {
  describe("over JSON-RPC", () => {
    const nodes: RunningNode[] = [];

    before(async () => {
      for (const layer of ["l1", "l2"] as const) nodes.push(await startNode(layer, await freePort()));
    });

    after(() => Promise.all(nodes.map(async ({ stop }) => stop())));

    it("does all that it does in the process, and refuses nodes that have it already", async () => {
      const [l1, l2] = nodes.map(({ url }) => url);
      const kit = await startEMetis({ nodes: { l1: l1!, l2: l2! }, state: "empty" });
      const { address, l2: signer } = kit.accounts.alice;
      const pool = StakingPool__factory.connect(kit.deployment.l2.stakingPool, signer);
      const restore = await kit.snapshot();
      const stake = () => pool.depositAndStake(address, 0n, address, { value: 70_000n * 10n ** 18n });
      await (await stake()).wait();
      await kit.putToWork();
      await kit.creditRewards({ assets: 10n ** 18n });
      await kit.deliverReport();
      expect(await pool.totalAssets()).to.equal(70_000n * 10n ** 18n + (10n ** 18n * 95n) / 100n);
      await restore();
      expect(await pool.totalAssets()).to.equal(0n);
      await kit.stop();
      expect(await rejection(l1!, l2!)).to.include({ side: "l2", reason: "has Metis's contracts already" });
    });
  });

  it("refuses a URL where nobody answers", async () => {
    const error = await rejection(`http://127.0.0.1:${await freePort()}`, { eth_chainId: "0x2" });
    expect(error).to.be.instanceOf(DevelopmentNodeError);
    expect(error).to.include({ side: "l1" });
  });

  it("refuses a node that names no chain id", async () => {
    expect(await rejection({ eth_chainId: "0x1" }, {})).to.include({ side: "l2" });
  });

  it("refuses two nodes of one chain id", async () => {
    const { chainId } = localChains.l1;
    const node = { eth_chainId: `0x${chainId.toString(16)}` };
    expect(await rejection(node, node)).to.include({ side: "l2", reason: "has chain id 31337, as the one for l1" });
  });

  it("refuses a node with too few accounts", async () => {
    const node = { eth_chainId: "0x1", eth_getCode: "0x", eth_accounts: [] };
    expect(await rejection(node, { ...node, eth_chainId: "0x2" })).to.include({
      side: "l1",
      reason: "has no unlocked account 0",
    });
  });
});
