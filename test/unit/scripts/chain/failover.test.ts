import { expect } from "chai";
import { keccak256 } from "ethers";

import { AbortedError } from "../../../../sdk/src/errors";
import { ChainIdError, NoEndpointError } from "../../../../scripts/lib/chain/errors";
import type { Manners } from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { type FakeNode, fakeChainId, saying, startFailover, startFakeNode, status } from "./fakeNodes";

describe("createFailover", function () {
  let first: FakeNode;
  let second: FakeNode;

  beforeEach(async () => {
    [first, second] = await Promise.all([startFakeNode(), startFakeNode()]);
    second.state.block = "0x65";
  });

  afterEach(async () => {
    await Promise.all([first.close(), second.close()]);
  });

  /** How often a node was asked for what the test asks for. */
  const count = ({ asked }: FakeNode) => asked.filter((method) => method === "eth_blockNumber").length;

  it("asks the first node while it is well", async () => {
    const { ask } = startFailover([first.url, second.url]);
    expect([await ask(), await ask()]).to.deep.equal(["0x64", "0x64"]);
    expect([count(first), count(second)]).to.deep.equal([2, 0]);
  });

  it("asks the next node when nobody listens at the address of one", async () => {
    await first.close();
    const { ask } = startFailover([first.url, second.url]);
    expect(await ask()).to.equal("0x65");
  });

  describe("when all nodes are in trouble", function () {
    it("asks a single node again, after waits that double", async () => {
      let failures = 4;
      first.state.manners = { connection: (...of) => failures-- > 0 && status(503).connection!(...of) };
      const { ask, waits } = startFailover([first.url]);
      expect(await ask()).to.equal("0x64");
      expect(waits).to.deep.equal([375, 750, 1_500, 3_000]);
    });

    it("spreads its waits by chance, from a half to the whole", async () => {
      first.state.manners = status(503);
      const chances = [0, 0.999, 0.25];
      const { ask, waits } = startFailover([first.url], { retries: 3, random: () => chances.shift()! });
      await rejectionOf(ask());
      expect(waits).to.deep.equal([250, 999.5, 1_250]);
    });

    it("waits no longer than it may", async () => {
      first.state.manners = status(503);
      const { ask, waits } = startFailover([first.url], { retries: 4, backOff: 1_000, maxBackOff: 3_000 });
      await rejectionOf(ask());
      expect(waits).to.deep.equal([750, 1_500, 2_250, 2_250]);
    });

    it("asks them all in each round, and says what each did without the keys in their URLs", async () => {
      first.state.manners = status(503);
      second.state.manners = saying(-32000, "header not found");
      const urls = [`${first.url}/v3/5ecre7?key=5ecre7`, second.url.replace("//", "//me:5ecre7@")];
      const { ask } = startFailover(urls, { retries: 2 });
      const error = await rejectionOf(ask());
      expect(error).to.be.instanceOf(NoEndpointError).and.to.include({ chainId: fakeChainId });
      expect((error as Error).message).to.equal(
        `No node of chain 59902 answered eth_blockNumber (${first.url.replace(/\/$/, "")}: HTTP 503; ` +
          `${second.url.replace(/\/$/, "")}: header not found): wait until one is back, or configure another one.`,
      );
      expect(count(second)).to.equal(3);
    });

    it("goes on when one is back", async () => {
      first.state.manners = second.state.manners = status(503);
      const { ask, provider } = startFailover([first.url, second.url], {
        sleep: async () => {
          second.state.manners = {};
          return Promise.resolve();
        },
      });
      expect(await ask()).to.equal("0x65");
      provider.destroy();
    });

    it("ends when it is closed", async () => {
      first.state.manners = status(503);
      const { ask, provider } = startFailover([first.url], {
        sleep: async (_milliseconds, signal) => {
          provider.destroy();
          signal!.throwIfAborted();
          return Promise.resolve();
        },
      });
      expect(await rejectionOf(ask())).to.be.instanceOf(AbortedError);
    });
  });

  describe("when a node fails", function () {
    it("asks it after the others until it has rested", async () => {
      first.state.manners = status(503);
      const { ask, clock } = startFailover([first.url, second.url], { checkInterval: 1e9 });
      await ask();
      first.state.manners = {};
      expect(await ask()).to.equal("0x65");
      clock.now += 1_000;
      expect(await ask()).to.equal("0x64");
    });

    it("tells it", async () => {
      first.state.manners = status(503);
      const told: object[] = [];
      const { ask } = startFailover([first.url, second.url], { log: (event) => told.push(event) });
      await ask();
      const endpoint = first.url.replace(/\/$/, "");
      expect(told[0]).to.deep.equal({ endpoint, method: "eth_chainId", reason: "HTTP 503" });
    });

    it("reads its chain id again before it is believed again", async () => {
      const { ask, clock } = startFailover([first.url, second.url], { checkInterval: 1e9 });
      await ask();
      first.state.manners = status(503);
      await ask();
      first.state.manners = {};
      first.state.chainId = 1_088;
      clock.now += 60_000;
      expect(await ask()).to.equal("0x65");
      expect(count(first)).to.equal(1);
    });
  });

  describe("when a node is stale", function () {
    it("passes over one that is more blocks behind than it may", async () => {
      second.state.head = 106;
      const { ask } = startFailover([first.url, second.url], { maxLag: 5 });
      expect(await ask()).to.equal("0x65");
      expect(count(first)).to.equal(0);
    });

    it("takes one that is as many blocks behind as it may", async () => {
      second.state.head = 105;
      const { ask } = startFailover([first.url, second.url], { maxLag: 5 });
      expect(await ask()).to.equal("0x64");
    });

    it("passes over one whose latest block is older than it may be", async () => {
      second.state.timestamp += 301;
      const { ask } = startFailover([first.url, second.url], { maxAge: 300 });
      expect(await ask()).to.equal("0x65");
    });

    it("notices that it falls behind, at the next comparison", async () => {
      const { ask, clock } = startFailover([first.url, second.url], { checkInterval: 30_000 });
      expect(await ask()).to.equal("0x64");
      second.state.head = 110;
      expect(await ask()).to.equal("0x64");
      clock.now += 30_000;
      expect(await ask()).to.equal("0x65");
    });

    it("takes it again when it has caught up", async () => {
      second.state.head = 110;
      const { ask, clock } = startFailover([first.url, second.url], { checkInterval: 30_000 });
      await ask();
      first.state.head = 111;
      clock.now += 30_000;
      expect(await ask()).to.equal("0x64");
    });

    it("takes it when it has caught up while the others went down", async () => {
      second.state.head = 110;
      const { ask } = startFailover([first.url, second.url], {
        sleep: async () => {
          first.state.head = 112;
          return Promise.resolve();
        },
      });
      await ask();
      second.state.manners = status(503);
      expect(await ask()).to.equal("0x64");
    });

    it("forgets a head that the node which told it takes back", async () => {
      second.state.head = 1_000_000_000;
      const { ask, clock } = startFailover([first.url, second.url], { checkInterval: 30_000 });
      expect(await ask()).to.equal("0x65");
      second.state.head = 100;
      clock.now += 30_000;
      expect(await ask()).to.equal("0x64");
    });

    it("does not believe it although nobody else answers", async () => {
      second.state.head = 110;
      const { ask } = startFailover([first.url, second.url], { retries: 2 });
      await ask();
      second.state.manners = status(503);
      const error = await rejectionOf(ask());
      expect(error).to.be.instanceOf(NoEndpointError);
      expect((error as Error).message).to.include("is stale: at block 100, others are at 110");
      expect(count(first)).to.equal(0);
    });
  });

  describe("when a node is on another chain", function () {
    it("never asks it again", async () => {
      first.state.chainId = 1_088;
      const { ask, clock } = startFailover([first.url, second.url]);
      expect(await ask()).to.equal("0x65");
      clock.now += 1_000_000;
      expect(await ask()).to.equal("0x65");
      expect(first.asked).to.deep.equal(["eth_chainId"]);
    });

    it("does not take one for another chain's that only does not tell its chain id now", async () => {
      first.state.manners = {
        answer: ({ id, method }) => (method === "eth_chainId" ? { jsonrpc: "2.0", id, result: null } : undefined),
      };
      const { ask } = startFailover([first.url, second.url]);
      expect(await ask()).to.equal("0x65");
      first.state.manners = {};
      expect(await ask()).to.equal("0x64");
    });

    it("says so when all are, at once", async () => {
      first.state.chainId = 1_088;
      second.state.chainId = 1;
      const { ask, waits } = startFailover([first.url, second.url]);
      const error = await rejectionOf(ask());
      const [one, other] = [first, second].map(({ url }) => url.replace(/\/$/, ""));
      expect(error).to.be.instanceOf(ChainIdError).and.to.include({ expected: fakeChainId });
      expect((error as Error).message).to.equal(
        `Chain 59902 is wanted, but ${one} is on chain 1088, ${other} is on chain 1: configure nodes of chain 59902.`,
      );
      expect(waits).to.deep.equal([]);
    });
  });

  describe("when a transaction is sent", function () {
    const raw = "0x5ead";
    const known = saying(-32000, "already known");

    it("takes it for sent when the node has it already", async () => {
      first.state.manners = known;
      const { provider } = startFailover([first.url]);
      expect(await provider.send("eth_sendRawTransaction", [raw])).to.equal(keccak256(raw));
    });

    it("takes it for sent when it arrived although no answer came", async () => {
      const hanging: Manners = { body: () => "" };
      first.state.manners = { ...hanging, answer: (request) => ({ id: request.id, result: keccak256(raw) }) };
      second.state.manners = known;
      const { provider } = startFailover([first.url, second.url], { checkInterval: 1e9 });
      expect(await provider.send("eth_sendRawTransaction", [raw])).to.equal(keccak256(raw));
    });

    it("does not repeat what is not the same twice as once", async () => {
      const { provider, ask, waits } = startFailover([first.url, second.url]);
      await ask();
      first.state.manners = status(503);
      const error = await rejectionOf(provider.send("eth_sendTransaction", [{}]));
      expect(error).to.be.instanceOf(NoEndpointError);
      expect([second.asked.includes("eth_sendTransaction"), waits]).to.deep.equal([false, []]);
    });
  });
});
