import { expect } from "chai";

import { RevertError } from "../../../../sdk/src/errors";
import {
  EmptyAccountError,
  NonceGapError,
  NonceTakenError,
  OrderRefusedError,
  OrderRevertedError,
} from "../../../../scripts/lib/chain/errors";
import { sendOrder } from "../../../../scripts/lib/chain/sender";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { between, journal, localAccount } from "./localChain";
import { account, pace, senderHarness } from "./senderHarness";

for (const layer of ["l1", "l2"] as const) {
  describe(`sendOrder on ${layer}`, function () {
    const { mine, nothing, touches, send, nonce, waiting, setCode, sendAndDie, world } = senderHarness(layer);

    describe("when all is well", function () {
      it("returns the receipt once as many blocks as asked for hold the transaction", async () => {
        const { log, entries } = journal();
        const receipt = await send({ log, confirmations: 3, ...between(mine, nothing, mine, mine) });
        expect(entries.map(({ type }) => type)).to.deep.equal(["sent", "mined", "confirmed"]);
        expect(await world().local.provider.getBlockNumber()).to.equal(receipt.blockNumber + 2);
        expect(await touches()).to.equal(1n);
      });

      it("creates a contract", async () => {
        const { data } = (await world().local.provider.getTransaction(world().probe.deploymentTransaction()!.hash))!;
        const receipt = await send(between(mine, mine), { to: null, data, value: 0n, label: "probe" });
        expect(await world().local.provider.getCode(receipt.contractAddress!)).to.equal(
          await world().probe.getDeployedCode(),
        );
      });

      it("gives half as much gas again as is estimated", async () => {
        const estimate = await world().local.provider.estimateGas({ from: account.address, ...world().touch });
        const receipt = await send(between(mine, mine));
        expect((await receipt.getTransaction()).gasLimit).to.equal((estimate * 3n) / 2n);
      });

      it("gives the gas of the order where it has one", async () => {
        const receipt = await send(between(mine, mine), { ...world().touch, gasLimit: 100_003n });
        expect((await receipt.getTransaction()).gasLimit).to.equal(100_003n);
      });
    });

    describe("when the order cannot be carried out", function () {
      it("names the error of the contract that refuses it and sends nothing", async () => {
        const error = await rejectionOf(send({}, world().refused));
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
          const { to } = world().refused;
          await setCode(await world().local.provider.getCode(to!));
          await mine();
        };
        const order = { ...world().refused, to: world().touch.to };
        await setCode("0x00");
        const error = await rejectionOf(send({ ...between(breakAndMine, mine) }, { ...order, gasLimit: 90_000n }));
        expect(error).to.be.instanceOf(OrderRevertedError);
        expect(error).to.have.nested.property("reason.error", "EMetis__Unauthorized");
        expect(error).to.have.nested.property("receipt.status", 0);
        expect(await nonce()).to.equal(1);
      });

      it("says that it had too little gas", async () => {
        const error = await rejectionOf(send(between(mine, mine), { ...world().touch, gasLimit: 30_003n }));
        expect(error).to.be.instanceOf(OrderRevertedError).and.to.include({ isOutOfGas: true });
        expect((error as Error).message).to.match(
          /^touch reverted in block \d+ as 0x\w+: it used all of its gas: give it more\.$/,
        );
      });

      it("says that an empty account is empty", async () => {
        const empty = localAccount(99);
        const error = await rejectionOf(sendOrder(world().chain, empty, world().touch, pace));
        expect(error).to.be.instanceOf(EmptyAccountError).and.to.include({ account: empty.address, available: 0n });
        expect((error as Error).message).to.equal(
          `touch: ${empty.address} has 0 wei of ${layer === "l1" ? "ETH" : "METIS"}, 1 wei may be needed. ` +
            `Send it some ${layer === "l1" ? "ETH" : "METIS"}.`,
        );
      });

      it("says how much an account needs that can pay the value and not the gas", async () => {
        const poor = localAccount(99);
        await world().local.setBalance(poor.address, 1_000n);
        const order = { to: account.address, data: "0x", value: 999n, gasLimit: 21_000n, label: "gift" };
        const error = await rejectionOf(sendOrder(world().chain, poor, order, pace));
        expect(error).to.be.instanceOf(EmptyAccountError).and.to.include({ available: 1_000n });
        expect((error as EmptyAccountError).needed! % 21_000n).to.equal(999n);
      });

      it("repeats what a node refuses for good, once", async () => {
        const error = await rejectionOf(send({}, { ...world().touch, gasLimit: 21_001n }));
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

      it("sees that the same call took its nonce, however its addresses are written", async () => {
        await send(between(mine, mine));
        const order = {
          ...world().touch,
          to: world().touch.to!.toLowerCase(),
          data: world().touch.data.toUpperCase().replace("X", "x"),
        };
        const error = await rejectionOf(send({ nonce: 0 }, order));
        expect(error).to.have.nested.property("taken.isSameCall", true);
      });

      it("sends nothing with a nonce that is used up, and says by what", async () => {
        const receipt = await send(between(mine, mine));
        const error = await rejectionOf(send({ nonce: 0 }, world().refused));
        expect(error).to.be.instanceOf(NonceTakenError).and.to.include({ nonce: 0, account: account.address });
        expect(error).to.have.nested.property("taken.hash", receipt.hash);
        expect(error).to.have.nested.property("taken.isSameCall", false);
        expect(await waiting()).to.deep.equal([]);
      });
    });
  });
}
