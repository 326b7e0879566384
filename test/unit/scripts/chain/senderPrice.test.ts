import { expect } from "chai";
import { Transaction, dataLength, parseUnits } from "ethers";

import { AbortedError } from "../../../../sdk/src/errors";
import { FeeCapError, OrderRevertedError, TooLargeError } from "../../../../scripts/lib/chain/errors";
import { type Order, sendOrder } from "../../../../scripts/lib/chain/sender";
import { type RpcRequest, errorResponse, startJsonRpcServer } from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { between, chainWorlds, journal, localAccount } from "./localChain";
import { account, pace, senderHarness } from "./senderHarness";

for (const layer of ["l1", "l2"] as const) {
  describe(`the price of sendOrder on ${layer}`, function () {
    const { mine, nothing, times, touches, send, nonce, waiting, sendAndDie, world } = senderHarness(layer);

    describe("when the price is too low", function () {
      it("raises it by an eighth after its patience, with the same nonce", async () => {
        const { log, entries } = journal();
        const receipt = await send({ log, ...between(...times(12, nothing), mine, mine) });
        const sent = entries.flatMap((entry) => (entry.type === "sent" ? [entry] : []));
        expect(sent.map((entry) => entry.nonce)).to.deep.equal([0, 0]);
        expect(sent[1]!.price).to.equal((sent[0]!.price * 9n) / 8n + 1n);
        expect(receipt.hash).to.equal(sent[1]!.hash);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("raises it until it replaces what waits with its nonce", async () => {
        const price = layer === "l1" ? { maxGasPrice: parseUnits("100", 9) } : {};
        const gift = { to: account.address, data: "0x", value: 1n, gasLimit: 21_000n, nonce: 0 };
        const transaction =
          layer === "l1"
            ? { ...gift, type: 2, maxFeePerGas: parseUnits("30", 9), maxPriorityFeePerGas: parseUnits("3", 9) }
            : { ...gift, type: 0, gasPrice: parseUnits("30", 9) };
        const raw = await account.signTransaction({ ...transaction, chainId: world().local.chainId });
        await world().local.provider.send("eth_sendRawTransaction", [raw]);
        const { log, entries } = journal();
        const receipt = await send({ log, ...price, ...between(mine, mine) });
        expect(entries[0]!.type).to.equal("underpriced");
        expect(receipt.status).to.equal(1);
        expect(await world().local.provider.getTransactionReceipt(Transaction.from(raw).hash!)).to.equal(null);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("sends nothing when the price of the moment is above the cap", async () => {
        const error = await rejectionOf(send({ maxGasPrice: 7n }));
        expect(error).to.be.instanceOf(FeeCapError).and.to.include({ cap: 7n, nonce: 0 });
        expect((error as Error).message).to.match(
          /^touch needs a gas price of \d+ wei, the cap is 7\. Nothing was sent: wait for a lower price or raise the cap\.$/,
        );
        expect(await waiting()).to.deep.equal([]);
      });

      it("stops at the cap and says what may still be mined", async () => {
        const { log, entries } = journal();
        const hash = await sendAndDie();
        const { maxFeePerGas, gasPrice } = (await world().local.provider.getTransaction(hash))!;
        const cap = (maxFeePerGas ?? gasPrice) + 1n;
        const error = await rejectionOf(send({ log, maxGasPrice: cap, ...between(...times(13, nothing)) }));
        expect(error)
          .to.be.instanceOf(FeeCapError)
          .and.to.deep.include({ cap, nonce: 0, pending: [hash] });
        expect((await waiting()).map((one) => one.hash)).to.deep.equal([hash]);
        expect(entries.filter(({ type }) => type === "sent")).to.have.length(1);
      });
    });
  });
}

describe("sendOrder's manners", function () {
  let worlds: Awaited<ReturnType<typeof chainWorlds>>;

  beforeEach(async () => {
    worlds = await chainWorlds();
  });

  const fast = { ...pace, confirmations: 1 };
  const payload = (bytes: number): Order => ({
    to: localAccount(98).address,
    data: `0x${"5a".repeat(bytes)}`,
    value: 0n,
    label: "payload",
  });

  it("asks Metis for its gas price and for no history of fees", async () => {
    const { provider: node } = worlds.l2.local;
    const methods: string[] = [];
    const answer = ({ method }: RpcRequest) => {
      methods.push(method);
      return undefined;
    };
    const server = await startJsonRpcServer(async (method, params) => node.send(method, params), { answer });
    try {
      const { provider } = server;
      const receipt = await sendOrder({ ...worlds.l2.chain, provider }, account, worlds.l2.touch, fast);
      const gasPrice = BigInt((await node.send("eth_gasPrice", [])) as string);
      expect(await node.getTransaction(receipt.hash)).to.include({ type: 0, gasPrice });
    } finally {
      await server.close();
    }
    expect(methods.filter((method) => method === "eth_gasPrice")).to.have.length(1);
    expect(methods).not.to.include("eth_feeHistory");
    expect(methods).not.to.include("eth_maxPriorityFeePerGas");
  });

  it("takes an estimate from a node that lets nobody choose the block, as Metis's", async () => {
    const { provider: node } = worlds.l2.local;
    const answer = (request: RpcRequest) =>
      request.method === "eth_estimateGas" && request.params.length > 1
        ? errorResponse(request, { code: -32602, message: "too many arguments, want at most 1" })
        : undefined;
    const server = await startJsonRpcServer(async (method, params) => node.send(method, params), { answer });
    try {
      const estimate = await node.estimateGas({ from: account.address, ...worlds.l2.touch });
      const chain = { ...worlds.l2.chain, provider: server.provider };
      const receipt = await sendOrder(chain, account, worlds.l2.touch, fast);
      expect((await node.getTransaction(receipt.hash))!.gasLimit).to.equal((estimate * 3n) / 2n);
    } finally {
      await server.close();
    }
  });

  it("repeats the words of a node that gives no data of a revert, as Metis's", async () => {
    const { provider: node } = worlds.l2.local;
    const answer = (request: RpcRequest) =>
      request.method === "eth_call"
        ? errorResponse(request, { code: -32000, message: "execution reverted: BFT restriction" })
        : undefined;
    const server = await startJsonRpcServer(async (method, params) => node.send(method, params), { answer });
    try {
      const chain = { ...worlds.l2.chain, provider: server.provider };
      const error = await rejectionOf(sendOrder(chain, account, worlds.l2.touch, fast));
      expect(error).to.be.instanceOf(OrderRevertedError);
      expect((error as Error).message).to.match(/The node says "execution reverted: BFT restriction"\.$/);
    } finally {
      await server.close();
    }
  });

  it("offers Ethereum twice the base fee and the tip", async () => {
    const { baseFeePerGas } = (await worlds.l1.local.provider.getBlock("latest"))!;
    const receipt = await sendOrder(worlds.l1.chain, account, worlds.l1.touch, fast);
    const tip = parseUnits("1", 9);
    const fees = { maxFeePerGas: baseFeePerGas! * 2n + tip, maxPriorityFeePerGas: tip };
    expect(await receipt.getTransaction()).to.include({ type: 2, ...fees });
  });

  it("offers no more than the cap while that is enough for the next block", async () => {
    const { baseFeePerGas } = (await worlds.l1.local.provider.getBlock("latest"))!;
    const maxGasPrice = baseFeePerGas! + parseUnits("1", 9);
    const receipt = await sendOrder(worlds.l1.chain, account, worlds.l1.touch, { ...fast, maxGasPrice });
    expect((await receipt.getTransaction()).maxFeePerGas).to.equal(maxGasPrice);
  });

  it("sends Metis 65,536 bytes", async () => {
    const receipt = await sendOrder(worlds.l2.chain, account, payload(65_428), fast);
    expect(dataLength(Transaction.from(await receipt.getTransaction()).serialized)).to.equal(65_536);
  });

  it("sends Metis no byte more", async () => {
    const error = await rejectionOf(sendOrder(worlds.l2.chain, account, payload(65_429), fast));
    expect(error).to.be.instanceOf(TooLargeError).and.to.include({ bytes: 65_537, limit: 65_536 });
    expect((error as Error).message).to.equal(
      "payload is a transaction of 65537 bytes, the chain takes 65536: split it.",
    );
  });

  it("sends Ethereum what is too large for Metis", async () => {
    const receipt = await sendOrder(worlds.l1.chain, account, payload(70_001), fast);
    expect(receipt.status).to.equal(1);
  });

  it("does nothing once it is aborted", async () => {
    const options = { ...fast, signal: AbortSignal.abort() };
    const error = await rejectionOf(sendOrder(worlds.l2.chain, account, worlds.l2.touch, options));
    expect(error).to.be.instanceOf(AbortedError);
    expect(await worlds.l2.probe.touches()).to.equal(0n);
  });
});
