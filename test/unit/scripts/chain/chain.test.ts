import { expect } from "chai";

import { openChain } from "../../../../scripts/lib/chain/chain";
import { ChainIdError, NoEndpointError } from "../../../../scripts/lib/chain/errors";
import { sendOrder } from "../../../../scripts/lib/chain/sender";
import { type JsonRpcServer, type Manners, startJsonRpcServer } from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { type FakeNode, fakeChainId, startFakeNode, urlOf } from "./fakeNodes";
import { between, chainWorlds, journal, localAccount, localSettings } from "./localChain";

const noWait = { sleep: async () => Promise.resolve() };

describe("openChain", function () {
  let node: FakeNode;

  beforeEach(async () => {
    node = await startFakeNode();
  });

  afterEach(async () => {
    await node.close();
  });

  const settingsWith = (...rpcUrls: readonly string[]) => ({ ...localSettings("l2", fakeChainId), rpcUrls });

  it("connects to a node of the chain", async () => {
    const chain = await openChain(settingsWith(node.url));
    expect(await chain.provider.getBlockNumber()).to.equal(100);
    expect((await chain.provider.getNetwork()).chainId).to.equal(BigInt(fakeChainId));
    chain.close();
  });

  it("passes on what ethers does not know", async () => {
    const chain = await openChain(settingsWith(node.url));
    await rejectionOf(chain.provider.send("rollup_gasPrices", []));
    expect(node.asked.at(-1)).to.equal("rollup_gasPrices");
    chain.close();
  });

  it("asks for a node where none is configured", async () => {
    const error = await rejectionOf(openChain(settingsWith()));
    expect(error)
      .to.be.instanceOf(NoEndpointError)
      .and.to.have.property(
        "message",
        "No node of chain 59902 answered anything (LOCAL_RPC_URL: there is none): " +
          "wait until one is back, or configure another one.",
      );
  });

  it("refuses a text that is no URL and does not show it", async () => {
    const error = await rejectionOf(openChain(settingsWith(node.url, "5ecre7")));
    expect(error).to.be.instanceOf(NoEndpointError);
    expect((error as Error).message)
      .to.include("LOCAL_RPC_URL: is no URL")
      .and.not.to.include("5ecre7");
  });

  it("refuses a node of another chain", async () => {
    node.state.chainId = 1_088;
    const error = await rejectionOf(openChain(settingsWith(node.url)));
    expect(error)
      .to.be.instanceOf(ChainIdError)
      .and.to.deep.include({
        expected: fakeChainId,
        found: [{ endpoint: node.url.replace(/\/$/, ""), chainId: 1_088 }],
      });
  });

  it("refuses when no node answers", async () => {
    await node.close();
    const error = await rejectionOf(openChain(settingsWith(node.url), noWait));
    expect(error).to.be.instanceOf(NoEndpointError);
    expect((error as Error).message).to.include("ECONNREFUSED");
  });
});

for (const layer of ["l1", "l2"] as const) {
  describe(`sendOrder over two nodes of ${layer}`, function () {
    const servers: JsonRpcServer[] = [];

    afterEach(async () => {
      await Promise.all(servers.splice(0).map(async ({ close }) => close()));
    });

    /** A world whose first node behaves like this, and its second well. */
    async function open(manners: Manners) {
      const { [layer]: world } = await chainWorlds();
      const { provider } = world.local;
      const forward = async (method: string, params: unknown[]): Promise<unknown> => provider.send(method, params);
      const started = [await startJsonRpcServer(forward, manners), await startJsonRpcServer(forward)];
      servers.push(...started);
      const rpcUrls = started.map(urlOf);
      const settings = { ...localSettings(layer, world.local.chainId), rpcUrls };
      const chain = await openChain(settings, noWait);
      return { world, chain };
    }

    it("is done once when the first node takes the transaction and dies", async () => {
      let isDead = false;
      const { world, chain } = await open({
        answer: ({ method }) => {
          isDead ||= method === "eth_sendRawTransaction";
          return undefined;
        },
        body: () => (isDead ? "" : undefined),
        connection: (request) => {
          if (isDead) request.socket.destroy();
          return isDead;
        },
      });
      const { log, entries } = journal();
      const account = localAccount(3);
      const receipt = await sendOrder(chain, account, world.touch, { log, confirmations: 1, ...between() });
      expect(receipt.status).to.equal(1);
      expect(entries.filter(({ type }) => type === "sent")).to.have.length(1);
      expect(await world.probe.touches()).to.equal(1n);
      expect(await world.local.provider.getTransactionCount(account.address)).to.equal(1);
      chain.close();
    });

    it("is done once when the first node answers every third request only", async () => {
      let requests = 0;
      const { world, chain } = await open({
        connection: (_request, response) => {
          const isServed = requests++ % 3 === 0;
          if (!isServed) response.writeHead(502).end();
          return !isServed;
        },
      });
      const account = localAccount(3);
      await sendOrder(chain, account, world.touch, { confirmations: 1, ...between() });
      expect(await world.probe.touches()).to.equal(1n);
      expect(await world.local.provider.getTransactionCount(account.address)).to.equal(1);
      chain.close();
    });
  });
}
