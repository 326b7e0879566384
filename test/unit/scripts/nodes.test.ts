import { expect } from "chai";

import { type RunningNode, freePort, startNode } from "../../../scripts/lib/nodes";

const account = "0x00000000000000000000000000000000000000A1";

describe("startNode", () => {
  const nodes: RunningNode[] = [];
  let url: string;

  before(async () => {
    const node = await startNode("l2", await freePort(), { chainId: 59902 });
    nodes.push(node);
    ({ url } = node);
    await node.provider.send("hardhat_setBalance", [account, "0x5"]);
    await node.provider.send("hardhat_mine", ["0x3"]);
  });

  after(() => Promise.all(nodes.map(async ({ stop }) => stop())));

  it("gives a node the chain id that is asked for", async () => {
    expect((await nodes[0]!.provider.send("eth_chainId", [])) as string).to.equal("0xe9fe");
  });

  it("forks a chain whose rules Hardhat does not know, so that it can be called", async () => {
    const fork = await startNode("l2", await freePort(), { chainId: 59902, fork: { url, block: 3 } });
    nodes.push(fork);
    expect(await fork.provider.getBlockNumber()).to.equal(4);
    expect(await fork.provider.getBalance(account)).to.equal(5n);
    expect(await fork.provider.call({ to: account, data: "0x" })).to.equal("0x");
  });
});
