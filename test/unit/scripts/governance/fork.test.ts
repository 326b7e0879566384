import { expect } from "chai";

import { publicNetworks } from "../../../../scripts/config/networks";
import { startFork } from "../../../../scripts/lib/governance/fork";
import type { RunningNode } from "../../../../scripts/lib/nodes";
import { createFixture } from "../../../helpers/chains";
import { type JsonRpcServer, startJsonRpcServer } from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

const fixture = createFixture(async ({ l1, l2 }) => {
  await l1.mine();
  return { l1, l2, chainId: Number((await l1.provider.getNetwork()).chainId) };
});

describe("The fork that proposals are played on", () => {
  const servers: JsonRpcServer[] = [];

  const serve = async (provider: { send: (method: string, params: unknown[]) => Promise<unknown> }) => {
    const server = await startJsonRpcServer((method, params) => provider.send(method, params));
    servers.push(server);
    return server.provider._getConnection().url;
  };

  afterEach(async () => {
    await Promise.all(servers.splice(0).map(async ({ close }) => close()));
  });

  it("passes over an endpoint of another chain", async () => {
    const { l1, l2, chainId } = await fixture();
    const [wrong, right] = [await serve(l2.provider), await serve(l1.provider)];
    const settings = { ...publicNetworks["metis-sepolia"].l1, chainId, rpcUrls: [wrong, right] };
    const forked: unknown[] = [];
    const node: RunningNode = {
      ...{ layer: "l1", url: right, provider: servers[1]!.provider },
      stop: () => Promise.resolve(),
    };
    const start = (_: unknown, fork: unknown) => {
      forked.push(fork);
      return Promise.resolve(node);
    };
    expect(await startFork(settings, start)).to.equal(node);
    expect(forked).to.deep.equal([{ url: right, block: await l1.provider.getBlockNumber() }]);
    const error = await rejectionOf(startFork({ ...settings, rpcUrls: [wrong] }, start));
    expect(String(error)).to.include("no endpoint of Sepolia could be forked").and.include(String(chainId));
    expect(forked).to.have.length(1);
  });
});
