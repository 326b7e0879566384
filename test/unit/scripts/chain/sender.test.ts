import { expect } from "chai";
import { Transaction, dataLength, makeError, parseUnits } from "ethers";

import { AbortedError, RevertError } from "../../../../sdk/src/errors";
import {
  EmptyAccountError,
  FeeCapError,
  NoEndpointError,
  NonceGapError,
  NonceTakenError,
  OrderRefusedError,
  OrderRevertedError,
  OutcomeUnknownError,
  TooLargeError,
} from "../../../../scripts/lib/chain/errors";
import { type Order, type SendOrderOptions, sendOrder } from "../../../../scripts/lib/chain/sender";
import { type RpcRequest, errorResponse, startJsonRpcServer } from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { type World, between, chainWorlds, journal, localAccount, watched } from "./localChain";

/** A minute's patience is twelve looks. */
const pace = { pollingInterval: 5_000, patience: 60_000 };
const account = localAccount(3);

for (const layer of ["l1", "l2"] as const) {
  describe(`sendOrder on ${layer}`, function () {
    let world: World;

    beforeEach(async () => {
      world = (await chainWorlds())[layer];
      await world.local.provider.send("evm_setAutomine", [false]);
    });

    afterEach(async () => {
      await world.local.provider.send("evm_setAutomine", [true]);
    });

    const mine = async () => world.local.mine();
    const nothing = async () => Promise.resolve();
    const times = (count: number, happening: () => Promise<unknown>) => Array.from({ length: count }, () => happening);
    const touches = async () => world.probe.touches();
    const send = async (options: SendOrderOptions = {}, order: Order = world.touch, chain = world.chain) =>
      sendOrder(chain, account, order, { ...pace, ...options });
    const nonce = async () => world.local.provider.getTransactionCount(account.address);
    const waiting = async () => world.local.provider.send("eth_pendingTransactions", []) as Promise<{ hash: string }[]>;
    const drop = async (hash: string): Promise<unknown> => world.local.provider.send("hardhat_dropTransaction", [hash]);
    const setCode = async (code: string) => world.local.setCode(world.touch.to!, code);

    /** Sends and is killed as soon as that is done. */
    async function sendAndDie(order: Order = world.touch, options: SendOrderOptions = {}): Promise<string> {
      const controller = new AbortController();
      const { log, entries } = journal();
      const kill = async () => {
        controller.abort();
        return nothing();
      };
      const death = await rejectionOf(send({ log, signal: controller.signal, ...options, ...between(kill) }, order));
      expect(death).to.be.instanceOf(AbortedError);
      const [sent] = entries.filter(({ type }) => type === "sent");
      return (sent as { hash: string }).hash;
    }

    describe("when all is well", function () {
      it("returns the receipt once as many blocks as asked for hold the transaction", async () => {
        const { log, entries } = journal();
        const receipt = await send({ log, confirmations: 3, ...between(mine, nothing, mine, mine) });
        expect(entries.map(({ type }) => type)).to.deep.equal(["sent", "mined", "confirmed"]);
        expect(await world.local.provider.getBlockNumber()).to.equal(receipt.blockNumber + 2);
        expect(await touches()).to.equal(1n);
      });

      it("creates a contract", async () => {
        const { data } = (await world.local.provider.getTransaction(world.probe.deploymentTransaction()!.hash))!;
        const receipt = await send(between(mine, mine), { to: null, data, value: 0n, label: "probe" });
        expect(await world.local.provider.getCode(receipt.contractAddress!)).to.equal(
          await world.probe.getDeployedCode(),
        );
      });

      it("gives half as much gas again as is estimated", async () => {
        const estimate = await world.local.provider.estimateGas({ from: account.address, ...world.touch });
        const receipt = await send(between(mine, mine));
        expect((await receipt.getTransaction()).gasLimit).to.equal((estimate * 3n) / 2n);
      });

      it("gives the gas of the order where it has one", async () => {
        const receipt = await send(between(mine, mine), { ...world.touch, gasLimit: 100_003n });
        expect((await receipt.getTransaction()).gasLimit).to.equal(100_003n);
      });
    });

    describe("when the order cannot be carried out", function () {
      it("names the error of the contract that refuses it and sends nothing", async () => {
        const error = await rejectionOf(send({}, world.refused));
        expect(error).to.be.instanceOf(OrderRevertedError).and.to.include({ label: "mint", receipt: undefined });
        expect((error as OrderRevertedError).reason).to.be.instanceOf(RevertError);
        expect(error).to.have.property(
          "message",
          `mint would revert and was not sent: The call would revert with EMetis__Unauthorized(caller: ${account.address}).`,
        );
        expect(await waiting()).to.deep.equal([]);
      });

      it("names the error of a call that begins to revert before its block, with the receipt", async () => {
        const breakAndMine = async () => {
          const { to } = world.refused;
          await setCode(await world.local.provider.getCode(to!));
          await mine();
        };
        const order = { ...world.refused, to: world.touch.to };
        await setCode("0x00");
        const error = await rejectionOf(send({ ...between(breakAndMine, mine) }, { ...order, gasLimit: 90_000n }));
        expect(error).to.be.instanceOf(OrderRevertedError);
        expect(error).to.have.nested.property("reason.error", "EMetis__Unauthorized");
        expect(error).to.have.nested.property("receipt.status", 0);
        expect(await nonce()).to.equal(1);
      });

      it("says that it had too little gas", async () => {
        const error = await rejectionOf(send(between(mine, mine), { ...world.touch, gasLimit: 30_003n }));
        expect(error).to.be.instanceOf(OrderRevertedError).and.to.include({ isOutOfGas: true });
        expect((error as Error).message).to.match(
          /^touch reverted in block \d+ as 0x\w+: it used all of its gas: give it more\.$/,
        );
      });

      it("says that an empty account is empty", async () => {
        const empty = localAccount(99);
        const error = await rejectionOf(sendOrder(world.chain, empty, world.touch, pace));
        expect(error).to.be.instanceOf(EmptyAccountError).and.to.include({ account: empty.address, available: 0n });
        expect((error as Error).message).to.equal(
          `touch: ${empty.address} has 0 wei of ${layer === "l1" ? "ETH" : "METIS"}, 1 wei may be needed. ` +
            `Send it some ${layer === "l1" ? "ETH" : "METIS"}.`,
        );
      });

      it("says how much an account needs that can pay the value and not the gas", async () => {
        const poor = localAccount(99);
        await world.local.setBalance(poor.address, 1_000n);
        const order = { to: account.address, data: "0x", value: 999n, gasLimit: 21_000n, label: "gift" };
        const error = await rejectionOf(sendOrder(world.chain, poor, order, pace));
        expect(error).to.be.instanceOf(EmptyAccountError).and.to.include({ available: 1_000n });
        expect((error as EmptyAccountError).needed! % 21_000n).to.equal(999n);
      });

      it("repeats what a node refuses for good, once", async () => {
        const error = await rejectionOf(send({}, { ...world.touch, gasLimit: 21_001n }));
        expect(error).to.be.instanceOf(OrderRefusedError).and.to.include({ label: "touch", nonce: 0 });
        expect((error as Error).message).to.match(/requires at least \d+ gas/);
      });

      it("does not wait behind a nonce that is missing", async () => {
        const error = await rejectionOf(send({ nonce: 2, ...between() }));
        expect(error).to.be.instanceOf(NonceGapError).and.to.include({ nonce: 2, next: 0 });
      });

      it("waits a little for a node that lags behind the nonce before", async () => {
        await sendAndDie();
        const receipt = await send({ nonce: 1, ...between(nothing, mine, mine, mine) });
        expect((await receipt.getTransaction()).nonce).to.equal(1);
        expect(await touches()).to.equal(2n);
      });

      it("sends nothing with a nonce that is used up, and says by what", async () => {
        const receipt = await send(between(mine, mine));
        const error = await rejectionOf(send({ nonce: 0 }, world.refused));
        expect(error).to.be.instanceOf(NonceTakenError).and.to.include({ nonce: 0, account: account.address });
        expect(error).to.have.nested.property("taken.hash", receipt.hash);
        expect(error).to.have.nested.property("taken.isSameCall", false);
        expect(await waiting()).to.deep.equal([]);
      });
    });

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
        const raw = await account.signTransaction({ ...transaction, chainId: world.local.chainId });
        await world.local.provider.send("eth_sendRawTransaction", [raw]);
        const { log, entries } = journal();
        const receipt = await send({ log, ...price, ...between(mine, mine) });
        expect(entries[0]!.type).to.equal("underpriced");
        expect(receipt.status).to.equal(1);
        expect(await world.local.provider.getTransactionReceipt(Transaction.from(raw).hash!)).to.equal(null);
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
        const { maxFeePerGas, gasPrice } = (await world.local.provider.getTransaction(hash))!;
        const cap = (maxFeePerGas ?? gasPrice) + 1n;
        const error = await rejectionOf(send({ log, maxGasPrice: cap, ...between(...times(13, nothing)) }));
        expect(error)
          .to.be.instanceOf(FeeCapError)
          .and.to.deep.include({ cap, nonce: 0, pending: [hash] });
        expect((await waiting()).map((one) => one.hash)).to.deep.equal([hash]);
        expect(entries.filter(({ type }) => type === "sent")).to.have.length(1);
      });
    });

    describe("when it is killed and started again", function () {
      it("sends the same order once", async () => {
        const hash = await sendAndDie();
        const receipt = await send(between(mine, mine));
        expect(receipt.hash).to.equal(hash);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("replaces the order that waits by another one", async () => {
        const hash = await sendAndDie();
        const gift = { to: localAccount(98).address, data: "0x", value: 7n, label: "gift" };
        await send(between(mine, mine), gift);
        expect(await world.local.provider.getTransactionReceipt(hash)).to.equal(null);
        expect([await touches(), await nonce()]).to.deep.equal([0n, 1]);
      });

      it("says so when the earlier transaction is mined meanwhile", async () => {
        const hash = await sendAndDie();
        const provider = watched(world.local.provider, async (method, _params, proceed) => {
          if (method === "eth_sendRawTransaction") await mine();
          return proceed();
        });
        const order = { ...world.touch, gasLimit: 77_777n };
        const error = await rejectionOf(send(between(), order, { ...world.chain, provider }));
        expect(error).to.be.instanceOf(NonceTakenError).and.to.include({ nonce: 0, label: "touch" });
        expect(error).to.have.nested.property("taken.hash", hash);
        expect(error).to.have.nested.property("taken.receipt.status", 1);
        expect(error).to.have.nested.property("taken.isSameCall", true);
        expect((error as Error).message).to.match(/used up by 0x\w+ in block \d+, which makes the same call\. Read/);
        expect(await touches()).to.equal(1n);
      });

      it("carries out one order when two processes send with one key", async () => {
        const gift = { to: localAccount(98).address, data: "0x", value: 7n, label: "gift" };
        const outcomes = await Promise.allSettled([
          send(between(nothing, mine, mine, mine)),
          send(between(...times(12, nothing)), gift),
        ]);
        const failed = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
        expect(failed).to.have.length(1);
        expect(failed[0]).to.be.instanceOf(NonceTakenError);
        expect(await nonce()).to.equal(1);
      });
    });

    describe("when the transaction is lost", function () {
      it("sends a dropped transaction again, the same bytes", async () => {
        const { log, entries } = journal();
        const dropIt = async () => drop((await waiting())[0]!.hash);
        const receipt = await send({ log, ...between(dropIt, nothing, mine, mine) });
        expect(entries.map(({ type }) => type)).to.deep.equal(["sent", "resent", "mined", "confirmed"]);
        expect(entries[0]).to.include({ hash: receipt.hash });
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("pays for no second attempt at what has begun to revert", async () => {
        const dropAndBreak = async () => {
          await drop((await waiting())[0]!.hash);
          await setCode("0xfe");
        };
        const { log, entries } = journal();
        const error = await rejectionOf(send({ log, ...between(dropAndBreak) }));
        expect(error).to.be.instanceOf(OrderRevertedError).and.to.include({ receipt: undefined });
        expect((error as OrderRevertedError).pending).to.have.length(1);
        expect((error as Error).message).to.include("would revert by now; sent before, it may still be mined as 0x");
        expect(entries.map(({ type }) => type)).to.deep.equal(["sent"]);
      });

      it("sends it again after a reorganisation of three blocks that took it back", async () => {
        const before = await world.local.snapshot();
        const reorganise = async () => {
          await before.restore();
          await world.local.mine(2);
        };
        const { log, entries } = journal();
        const happenings = [mine, mine, mine, reorganise, nothing, nothing, mine, mine, mine, mine];
        const receipt = await send({ log, confirmations: 4, ...between(...happenings) });
        expect(entries.map(({ type }) => type)).to.deep.equal([
          ...["sent", "mined", "takenBack", "resent", "mined", "confirmed"],
        ]);
        expect(await world.local.provider.getBlockNumber()).to.be.at.least(receipt.blockNumber + 3);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("follows it into another block after a reorganisation", async () => {
        const snapshots: { restore: () => Promise<boolean> }[] = [];
        const keepAndMine = async () => {
          snapshots.push(await world.local.snapshot());
          await mine();
        };
        const reorganise = async () => {
          await snapshots[0]!.restore();
          await world.local.increase(1_000);
        };
        const { log, entries } = journal();
        const receipt = await send({
          log,
          confirmations: 4,
          ...between(keepAndMine, mine, mine, reorganise, mine, mine, mine),
        });
        const mined = entries.filter(({ type }) => type === "mined");
        expect(mined).to.have.length(2);
        expect(receipt.blockHash).to.equal((await world.local.provider.getBlock(receipt.blockNumber))!.hash);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("says so when a reorganisation puts another transaction in its place", async () => {
        const before = await world.local.snapshot();
        const gift = { to: localAccount(98).address, value: 7n, gasLimit: 21_000n, nonce: 0, type: 0 };
        const raw = await account.signTransaction({
          ...gift,
          gasPrice: parseUnits("99", 9),
          chainId: world.local.chainId,
        });
        const reorganise = async () => {
          await before.restore();
          await world.local.provider.send("eth_sendRawTransaction", [raw]);
          await world.local.mine(2);
        };
        const error = await rejectionOf(send({ confirmations: 4, ...between(mine, mine, mine, reorganise) }));
        expect(error).to.be.instanceOf(NonceTakenError);
        expect(error).to.have.nested.property("taken.hash", Transaction.from(raw).hash);
        expect(error).to.have.nested.property("taken.isSameCall", false);
        expect(await touches()).to.equal(0n);
      });
    });

    describe("when nodes fail", function () {
      const timeout = () =>
        makeError("timeout", "TIMEOUT", { operation: "send", reason: "slow", request: "a request" });

      it("carries out once what arrived although no answer came", async () => {
        let sent = 0;
        const provider = watched(world.local.provider, async (method, _params, proceed) => {
          const answer = await proceed();
          if (method === "eth_sendRawTransaction" && ++sent === 1) throw timeout();
          return answer;
        });
        await send(between(mine, mine), world.touch, { ...world.chain, provider });
        expect([sent, await touches(), await nonce()]).to.deep.equal([1, 1n, 1]);
      });

      it("sends again what did not arrive", async () => {
        let sent = 0;
        const provider = watched(world.local.provider, async (method, _params, proceed) => {
          if (method === "eth_sendRawTransaction" && ++sent === 1) throw timeout();
          return proceed();
        });
        await send(between(nothing, nothing, mine, mine), world.touch, { ...world.chain, provider });
        expect([sent, await touches(), await nonce()]).to.deep.equal([2, 1n, 1]);
      });

      it("waits for nodes that come back", async () => {
        let isDown = false;
        const provider = down(() => isDown);
        const fall = async () => {
          isDown = true;
          return mine();
        };
        const rise = async () => {
          isDown = false;
          return mine();
        };
        const { log, entries } = journal();
        const options = { log, ...between(fall, nothing, nothing, nothing, rise) };
        await send(options, world.touch, { ...world.chain, provider });
        expect(entries.filter(({ type }) => type === "troubled")).to.have.length(4);
        expect(await touches()).to.equal(1n);
      });

      it("says what was sent when they do not", async () => {
        let isDown = false;
        const provider = down(() => isDown);
        const fall = async () => {
          isDown = true;
          return nothing();
        };
        const error = await rejectionOf(send(between(fall), world.touch, { ...world.chain, provider }));
        const hashes = (await waiting()).map(({ hash }) => hash);
        expect(error).to.be.instanceOf(OutcomeUnknownError).and.to.deep.include({ nonce: 0, hashes });
        expect((error as Error).message).to.include(`touch was sent with nonce 0 as ${hashes[0]!}, and no node says`);
      });

      function down(isDown: () => boolean) {
        const failures = [{ endpoint: "http://127.0.0.1:1", reason: "ECONNREFUSED" }];
        const provider = world.local.provider;
        return new Proxy(provider, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name, target);
            if (typeof member !== "function") return member;
            return (...parameters: unknown[]) =>
              isDown()
                ? Promise.reject(new NoEndpointError(world.local.chainId, String(name), failures))
                : (Reflect.apply(member, target, parameters) as unknown);
          },
        });
      }
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
