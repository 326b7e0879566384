import { expect } from "chai";
import { FetchRequest, Transaction, makeError, parseUnits } from "ethers";

import {
  NoEndpointError,
  NonceTakenError,
  OrderRevertedError,
  OutcomeUnknownError,
} from "../../../../scripts/lib/chain/errors";
import { type Fault, faulty } from "../../../helpers/sdk/faultyProvider";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { between, journal, localAccount, watched } from "./localChain";
import { account, senderHarness } from "./senderHarness";

for (const layer of ["l1", "l2"] as const) {
  describe(`sendOrder in trouble on ${layer}`, function () {
    const { mine, nothing, times, touches, send, nonce, waiting, drop, setCode, newest, sendAndDie, world } =
      senderHarness(layer);

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
        expect(await world().local.provider.getTransactionReceipt(hash)).to.equal(null);
        expect([await touches(), await nonce()]).to.deep.equal([0n, 1]);
      });

      it("says so when the earlier transaction is mined meanwhile", async () => {
        const hash = await sendAndDie();
        const provider = watched(world().local.provider, async (method, _params, proceed) => {
          if (method === "eth_sendRawTransaction") await mine();
          return proceed();
        });
        const order = { ...world().touch, gasLimit: 77_777n };
        const error = await rejectionOf(send(between(), order, { ...world().chain, provider }));
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
        const before = await world().local.snapshot();
        const reorganise = async () => {
          await before.restore();
          await world().local.mine(2);
        };
        const { log, entries } = journal();
        const happenings = [mine, mine, mine, reorganise, nothing, nothing, mine, mine, mine, mine];
        const receipt = await send({ log, confirmations: 4, ...between(...happenings) });
        expect(entries.map(({ type }) => type)).to.deep.equal([
          ...["sent", "mined", "takenBack", "resent", "mined", "confirmed"],
        ]);
        expect(await world().local.provider.getBlockNumber()).to.be.at.least(receipt.blockNumber + 3);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("follows it into another block after a reorganisation", async () => {
        const snapshots: { restore: () => Promise<boolean> }[] = [];
        const keepAndMine = async () => {
          snapshots.push(await world().local.snapshot());
          await mine();
        };
        const reorganise = async () => {
          await snapshots[0]!.restore();
          await world().local.increase(1_000);
        };
        const { log, entries } = journal();
        const receipt = await send({
          log,
          confirmations: 4,
          ...between(keepAndMine, mine, mine, reorganise, mine, mine, mine),
        });
        const mined = entries.filter(({ type }) => type === "mined");
        expect(mined).to.have.length(2);
        expect(receipt.blockHash).to.equal((await world().local.provider.getBlock(receipt.blockNumber))!.hash);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("does not believe a node that still shows the block that is gone", async () => {
        const before = await world().local.snapshot();
        const gone: unknown[] = [];
        const reorganise = async () => {
          gone.push(await world().local.provider.getTransactionReceipt(await newest()));
          await before.restore();
          await world().local.mine(5);
        };
        const showGone: Fault = async ({ method }, proceed) => {
          const answer = await proceed();
          return method === "getTransactionReceipt" ? (answer ?? gone[0] ?? null) : answer;
        };
        const forget = async () => Promise.resolve(gone.pop());
        const provider = faulty(world().local.provider, showGone);
        const happenings = [mine, reorganise, nothing, forget, nothing, nothing, nothing, mine, mine, mine];
        const options = { confirmations: 3, ...between(...happenings) };
        const receipt = await send(options, world().touch, { ...world().chain, provider });
        expect(receipt.blockHash).to.equal((await world().local.provider.getBlock(receipt.blockNumber))!.hash);
        expect([await touches(), await nonce()]).to.deep.equal([1n, 1]);
      });

      it("says so when a reorganisation puts another transaction in its place", async () => {
        const before = await world().local.snapshot();
        const gift = { to: localAccount(98).address, value: 7n, gasLimit: 21_000n, nonce: 0, type: 0 };
        const raw = await account.signTransaction({
          ...gift,
          gasPrice: parseUnits("99", 9),
          chainId: world().local.chainId,
        });
        const reorganise = async () => {
          await before.restore();
          await world().local.provider.send("eth_sendRawTransaction", [raw]);
          await world().local.mine(2);
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
        makeError("timeout", "TIMEOUT", {
          operation: "send",
          reason: "slow",
          request: new FetchRequest("http://127.0.0.1"),
        });

      it("carries out once what arrived although no answer came", async () => {
        let sent = 0;
        const provider = watched(world().local.provider, async (method, _params, proceed) => {
          const answer = await proceed();
          if (method === "eth_sendRawTransaction" && ++sent === 1) throw timeout();
          return answer;
        });
        await send(between(mine, mine), world().touch, { ...world().chain, provider });
        expect([sent, await touches(), await nonce()]).to.deep.equal([1, 1n, 1]);
      });

      it("sends again what did not arrive", async () => {
        let sent = 0;
        const provider = watched(world().local.provider, async (method, _params, proceed) => {
          if (method === "eth_sendRawTransaction" && ++sent === 1) throw timeout();
          return proceed();
        });
        await send(between(nothing, nothing, mine, mine), world().touch, { ...world().chain, provider });
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
        await send(options, world().touch, { ...world().chain, provider });
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
        const error = await rejectionOf(send(between(fall), world().touch, { ...world().chain, provider }));
        const hashes = (await waiting()).map(({ hash }) => hash);
        expect(error).to.be.instanceOf(OutcomeUnknownError).and.to.deep.include({ nonce: 0, hashes });
        expect((error as Error).message).to.include(`touch was sent with nonce 0 as ${hashes[0]!}, and no node says`);
      });

      function down(isDown: () => boolean) {
        const failures = [{ endpoint: "http://127.0.0.1:1", reason: "ECONNREFUSED" }];
        const provider = world().local.provider;
        return new Proxy(provider, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name, target);
            if (typeof member !== "function") return member;
            return (...parameters: unknown[]) =>
              isDown()
                ? Promise.reject(new NoEndpointError(world().local.chainId, String(name), failures))
                : (Reflect.apply(member, target, parameters) as unknown);
          },
        });
      }
    });
  });
}
