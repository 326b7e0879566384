import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { type Relayer, aliasOf } from "../../../scripts/lib/relayer";
import { type Chain, type ContractOf, createFixture } from "../../helpers/chains";
import { type LocalMetis, deployLocalMetis } from "../../helpers/localMetis";

const challengeWindow = 604_800;
const fee = 5n * 10n ** 17n;

describe("createRelayer", () => {
  const fixture = createFixture(async (chains) => {
    const metis = await deployLocalMetis(chains);
    const l1Probe = await metis.l1.deploy("BridgeProbe", [ZeroAddress]);
    const l2Probe = await metis.l2.deploy("BridgeProbe", [await l1Probe.getAddress()]);
    return { ...metis, l1Probe, l2Probe };
  });

  let metis: LocalMetis;
  let l1: Chain;
  let l2: Chain;
  let relayer: Relayer;
  let l1Probe: ContractOf<"BridgeProbe">;
  let l2Probe: ContractOf<"BridgeProbe">;

  beforeEach(async () => {
    const built = await fixture();
    metis = built;
    ({ l1, l2, relayer, l1Probe, l2Probe } = built);
  });

  /** Sends messages that can be told apart by their amount. */
  const send = async (...amounts: readonly bigint[]) => {
    for (const amount of amounts) {
      await l1Probe.depositSelf(metis.metisL1.bridge, l2.chainId, l2Probe, l2Probe, amount, 400_000n);
    }
  };
  const sendUp = async (...amounts: readonly bigint[]) => {
    for (const amount of amounts) await l2Probe.withdrawSelf(metis.metisL2.bridge, l2Probe, amount, { value: fee });
  };
  const lastOnL2 = async () => [await l2Probe.mints(), await l2Probe.lastAmount()];

  describe("down", () => {
    it("lists what waits, oldest first, with what the messenger was given", async () => {
      await send(1n, 2n);
      const pending = await relayer.pendingDown();
      expect(pending.map(({ queueIndex, nonce }) => [queueIndex, nonce])).to.deep.equal([
        [0n, 0n],
        [1n, 1n],
      ]);
      const { target, sender, gasLimit, enqueuedAt } = pending[1]!;
      expect([target, sender, gasLimit, enqueuedAt]).to.deep.equal([
        metis.metisL2.bridge,
        metis.metisL1.bridge,
        400_000n,
        await l1.now(),
      ]);
    });

    it("delivers each once, in order", async () => {
      await send(1n, 2n, 3n);
      const deliveries = await relayer.deliverDown();
      expect(deliveries.map(({ type }) => type)).to.deep.equal(["relayed", "relayed", "relayed"]);
      expect(await lastOnL2()).to.deep.equal([3n, 3n]);
      expect(await relayer.deliverDown()).to.have.length(0);
    });

    it("delivers only what passes the filter, and so delays the rest", async () => {
      await send(1n, 2n, 3n);
      await relayer.deliverDown(({ nonce }) => nonce !== 1n);
      expect(await lastOnL2()).to.deep.equal([2n, 3n]);
      expect((await relayer.pendingDown()).map(({ nonce }) => nonce)).to.deep.equal([1n]);
    });

    it("delivers out of order", async () => {
      await send(1n, 2n);
      const [first, second] = await relayer.pendingDown();
      await relayer.executeDown(second!);
      await relayer.executeDown(first!);
      expect(await lastOnL2()).to.deep.equal([2n, 1n]);
      expect(await relayer.pendingDown()).to.have.length(0);
    });

    it("delivers again, which the messenger refuses", async () => {
      await send(1n);
      const [delivery] = await relayer.deliverDown();
      const again = await relayer.executeDown(delivery!.message);
      expect(again.type).to.equal("reverted");
      expect(await lastOnL2()).to.deep.equal([1n, 1n]);
    });

    it("loses what is dropped, until anyone replays it", async () => {
      await send(1n, 2n);
      const [dropped] = await relayer.dropDown(({ nonce }) => nonce === 0n);
      await relayer.deliverDown();
      expect(await lastOnL2()).to.deep.equal([1n, 2n]);

      const replay = await relayer.replayDown(dropped!, 500_000n, l1.signers[9]);
      expect([replay.queueIndex, replay.nonce, replay.gasLimit]).to.deep.equal([2n, 0n, 500_000n]);
      expect((await relayer.deliverDown())[0]!.type).to.equal("relayed");
      expect(await lastOnL2()).to.deep.equal([2n, 1n]);
    });

    it("fails a message for lack of gas, which a replay of the replay cures", async () => {
      await send(1n);
      const [failed] = await relayer.deliverDown(undefined, { gasLimit: 60_000n });
      expect(failed!.type).to.equal("reverted");
      const replay = await relayer.replayDown(failed!.message, 400_001n);
      const again = await relayer.executeDown(replay, { gasLimit: 60_000n });
      expect(again.type).to.equal("reverted");
      await relayer.replayDown(replay, 400_002n);
      expect((await relayer.deliverDown())[0]!.type).to.equal("relayed");
    });

    it("tells a message whose target reverted from one that was relayed", async () => {
      await l2Probe.setRefusing(true);
      await send(1n);
      expect((await relayer.deliverDown())[0]!.type).to.equal("failed");
    });

    it("leaves messages for other chains alone", async () => {
      const addressManager = await l1.attach("LocalAddressManager", metis.metisL1.addressManager);
      await addressManager.setAddress("1088_MVM_Sequencer", metis.metisL1.feeReceiver);
      await l1Probe.depositSelf(metis.metisL1.bridge, 1088, l2Probe, l2Probe, 1n, 400_000n);
      expect(await relayer.pendingDown()).to.have.length(0);
    });

    it("keeps what it did on the chains: a restored snapshot has the message again", async () => {
      await send(1n);
      const snapshots = [await l1.snapshot(), await l2.snapshot()];
      await relayer.deliverDown();
      for (const snapshot of snapshots) await snapshot.restore();
      expect((await relayer.deliverDown())[0]!.type).to.equal("relayed");
    });

    it("speaks on L2 as the alias of the L1 messenger", () => {
      expect(aliasOf("0xffffffffffffffffffffffffffffffffffffffff")).to.equal(
        "0x1111000000000000000000000000000000001110",
      );
    });
  });

  describe("up", () => {
    beforeEach(async () => {
      await send(100n);
    });

    it("commits, waits, and relays in order", async () => {
      await sendUp(1n, 2n);
      expect((await relayer.pendingUp()).map(({ relayableAt }) => relayableAt)).to.deep.equal([undefined, undefined]);
      const committed = await relayer.commitUp();
      expect(committed.map(({ nonce }) => nonce)).to.deep.equal([0n, 1n]);
      expect(await relayer.deliverUp()).to.have.length(0);
      await l1.increase(challengeWindow);
      expect((await relayer.deliverUp()).map(({ type }) => type)).to.deep.equal(["relayed", "relayed"]);
      expect(await l1Probe.lastAmount()).to.equal(2n);
      expect(await relayer.pendingUp()).to.have.length(0);
    });

    it("commits only what passes, and once", async () => {
      await sendUp(1n, 2n);
      await relayer.commitUp(({ nonce }) => nonce === 1n);
      const [, { relayableAt } = { relayableAt: undefined }] = await relayer.pendingUp();
      expect(await relayer.commitUp()).to.have.length(1);
      expect((await relayer.pendingUp())[1]!.relayableAt).to.equal(relayableAt);
    });

    it("relays out of order through the filter", async () => {
      await sendUp(1n, 2n);
      await relayer.commitUp();
      await l1.increase(challengeWindow);
      await relayer.deliverUp(({ nonce }) => nonce === 1n);
      expect(await l1Probe.lastAmount()).to.equal(2n);
      await relayer.deliverUp();
      expect(await l1Probe.lastAmount()).to.equal(1n);
    });
  });

  it("does in relayAll all that can be done now", async () => {
    await send(5n);
    await sendUp(5n);
    expect((await relayer.relayAll()).map(({ type }) => type)).to.deep.equal(["relayed"]);
    await l1.increase(challengeWindow);
    expect((await relayer.relayAll()).map(({ type }) => type)).to.deep.equal(["relayed"]);
    expect(await relayer.relayAll()).to.have.length(0);
  });
});
