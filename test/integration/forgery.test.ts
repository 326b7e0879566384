import { expect } from "chai";
import { AbiCoder, concat, dataSlice, getAddress, keccak256, parseEther, toBeHex } from "ethers";

import { LocalL2Messenger__factory } from "../../typechain-types";
import { depositOnL1, requestRedeem } from "../../scripts/lib/demo/actions";
import { generousEth } from "../../scripts/lib/demo/world";
import type { ContractOf } from "../helpers/chains";
import {
  type ProtocolWorld,
  arriveDown,
  bridgeOnL2,
  deliver,
  expectTrueLedger,
  livingProtocol,
  payloadOf,
  takeReport,
} from "../helpers/protocol";

const coder = AbiCoder.defaultAbiCoder();
const fee = 5n * 10n ** 17n;
const l2Gas = 400_000;
const hashState = { unknown: 0n, known: 1n, used: 2n } as const;

/** A report that a thief would like to be believed: a million METIS on Ethereum. */
const forgedPayload = coder.encode(
  ["uint8", "uint256", "uint256", "int256", "uint256", "uint256", "uint256", "uint256"],
  [0, 4_000_000_000n, 4_000_000_000n, 10n ** 24n, 0n, 0n, 0n, 0n],
);
const forgedNumber = 999n;
/** A need that a thief would like to be heard: number 7, a million METIS. */
const forgedNeed = getAddress(concat([toBeHex(7n, 8), toBeHex(10n ** 24n, 12)]));

describe("Forged and repeated messages (C3, C6, C11)", () => {
  let world: ProtocolWorld;
  let l2Gateway: ContractOf<"L2Gateway">;
  let l1Gateway: ContractOf<"L1Gateway">;
  let lockManager: ContractOf<"LockManager">;
  let stakingPool: ContractOf<"StakingPool">;
  let bridge: ContractOf<"LocalL1StandardBridge">;

  beforeEach(async () => {
    world = await livingProtocol();
    ({ l2Gateway, stakingPool } = world.protocol.l2);
    ({ l1Gateway, lockManager } = world.protocol.l1);
    bridge = world.protocol.l1.bridge.connect(world.people.stranger.l1);
  });

  /** The forged report's hash and the two arguments that it takes through the token-bridge channel. */
  const forgedHash = async () => {
    const hash = await l2Gateway.messageHash(forgedNumber, forgedPayload);
    return { hash, to: getAddress(dataSlice(hash, 0, 20)), amount: BigInt(dataSlice(hash, 20)) };
  };

  const expectUnknown = async () => {
    const { hash } = await forgedHash();
    expect(await l2Gateway.hashState(hash)).to.equal(hashState.unknown);
    await expect(l2Gateway.deliver(forgedNumber, forgedPayload))
      .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__UnknownMessage")
      .withArgs(forgedNumber, hash);
  };

  /** As if the bridge had brought this payload's hash: what no stranger can do. */
  const makeKnown = async (number: bigint, payload: string) => {
    const hash = await l2Gateway.messageHash(number, payload);
    const asBridge = l2Gateway.connect(await world.l2.impersonate(bridgeOnL2));
    await asBridge.mint(getAddress(dataSlice(hash, 0, 20)), BigInt(dataSlice(hash, 20)));
  };

  describe("down, by strangers", () => {
    it("hears no deposit of a token of theirs in the name of L2Gateway", async () => {
      const { to, amount } = await forgedHash();
      const fake = await world.l1.deploy("BridgeProbe", [await l2Gateway.getAddress()], world.people.stranger.l1);
      await fake.depositSelf(bridge, world.l2.chainId, l2Gateway, to, amount, l2Gas, { value: generousEth });
      const [delivery] = await world.protocol.relayer.deliverDown();
      expect(delivery!.type).to.equal("relayed");
      await expectUnknown();
    });

    it("hears no deposit of METIS in the name of L2Gateway", async () => {
      const { to, amount } = await forgedHash();
      const { metis } = world.protocol.l1;
      const { stranger } = world.people;
      await metis.mint(stranger.address, amount);
      await metis.connect(stranger.l1).approve(bridge, amount);
      await bridge.depositERC20ToByChainId(world.l2.chainId, metis, l2Gateway, to, amount, l2Gas, "0x", {
        value: generousEth,
      });
      await arriveDown(world);
      await expectUnknown();
    });

    const amounts: readonly (readonly [string, (amount: bigint) => bigint])[] = [
      ["the forged amount", (amount) => amount],
      ["one wei", () => 1n],
      ["nothing", () => 0n],
    ];
    for (const [name, amountOf] of amounts) {
      it(`cannot deposit L1Gateway as a token, for ${name}`, async () => {
        const { to, amount } = await forgedHash();
        const deposit = bridge.depositERC20ToByChainId(
          ...([world.l2.chainId, l1Gateway, l2Gateway, to, amountOf(amount), l2Gas, "0x"] as const),
          { value: generousEth },
        );
        await expect(deposit)
          .to.be.revertedWithCustomError(l1Gateway, "L1Gateway__UnexpectedTransfer")
          .withArgs(world.people.stranger.address, await bridge.getAddress(), amountOf(amount));
      });
    }

    it("cannot deposit L1Gateway for a token of theirs, which would let them withdraw it", async () => {
      const fake = await world.l2.deploy("BridgeProbe", [await l1Gateway.getAddress()], world.people.stranger.l2);
      const deposit = bridge.depositERC20ToByChainId(
        ...([world.l2.chainId, l1Gateway, fake, forgedNeed, 1n, l2Gas, "0x"] as const),
        { value: generousEth },
      );
      await expect(deposit).to.be.revertedWithCustomError(l1Gateway, "L1Gateway__UnexpectedTransfer");
    });

    it("cannot call mint", async () => {
      const { to, amount } = await forgedHash();
      const { stranger } = world.people;
      await expect(l2Gateway.connect(stranger.l2).mint(to, amount))
        .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__OnlyBridge")
        .withArgs(stranger.address);
    });

    it("cannot have another payload delivered under a known hash", async () => {
      const number = await takeReport(world);
      await arriveDown(world);
      const hash = await l2Gateway.messageHash(number, forgedPayload);
      await expect(l2Gateway.deliver(number, forgedPayload))
        .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__UnknownMessage")
        .withArgs(number, hash);
    });

    it("cannot have a known payload delivered under another number", async () => {
      const number = await takeReport(world);
      await arriveDown(world);
      const payload = await payloadOf(world, number);
      await expect(l2Gateway.deliver(number + 1n, payload))
        .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__UnknownMessage")
        .withArgs(number + 1n, await l2Gateway.messageHash(number + 1n, payload));
    });

    it("binds each hash to both chains, both gateways, number and payload", async () => {
      const payloadHash = keccak256(forgedPayload);
      const bound = keccak256(
        coder.encode(
          ["uint256", "uint256", "address", "address", "uint256", "bytes32"],
          [world.l1.chainId, world.l2.chainId, l1Gateway.target, l2Gateway.target, forgedNumber, payloadHash],
        ),
      );
      expect(await l2Gateway.messageHash(forgedNumber, forgedPayload)).to.equal(bound);
      expect(await l1Gateway.messageHash(forgedNumber, payloadHash)).to.equal(bound);
    });
  });

  describe("up, by strangers", () => {
    const expectNoNeed = async () => {
      expect(await lockManager.need()).to.deep.equal([0n, 0n, 0n]);
    };

    for (const amount of [0n, 1n]) {
      it(`hears no withdrawal of ${amount} of a token of theirs`, async () => {
        const { stranger } = world.people;
        const fake = await world.l2.deploy("BridgeProbe", [await l1Gateway.getAddress()], stranger.l2);
        await fake.withdrawSelf(bridgeOnL2, forgedNeed, amount, { value: fee });
        const { relayer } = world.protocol;
        await relayer.commitUp();
        await world.l1.increase(7 * 86_400 + 60);
        const [delivery] = await relayer.deliverUp();
        expect(delivery!.type).to.equal("failed");
        await expectNoNeed();
      });

      it(`lets nobody but L2Gateway withdraw ${amount} of it`, async () => {
        const { stranger } = world.people;
        const l2Bridge = await world.l2.attach("IL2StandardBridge", bridgeOnL2, stranger.l2);
        await expect(l2Bridge.withdrawTo(l2Gateway, forgedNeed, amount, 0, "0x", { value: fee }))
          .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__OnlyBridge")
          .withArgs(bridgeOnL2);
      });
    }

    it("hears no withdrawal from another chain of Metis", async () => {
      const otherChain = 59_902n;
      const nonce = 0n;
      const message = bridge.interface.encodeFunctionData("finalizeERC20WithdrawalByChainId", [
        ...([otherChain, await l1Gateway.getAddress(), await l2Gateway.getAddress()] as const),
        ...([await l2Gateway.getAddress(), forgedNeed, 1n, "0x"] as const),
      ]);
      const target = await bridge.getAddress();
      const messenger = await world.l1.attach("LocalL1Messenger", world.protocol.metis.messenger);
      const l2Messenger = LocalL2Messenger__factory.createInterface();
      const hash = keccak256(l2Messenger.encodeFunctionData("relayMessage", [target, bridgeOnL2, message, nonce]));
      await messenger.commit(otherChain, [hash]);
      await world.l1.increase(7 * 86_400 + 60);
      const header = { batchIndex: 0n, batchRoot: hash, batchSize: 0n, prevTotalElements: 0n, extraData: "0x" };
      const inclusion = { stateRoot: hash, stateRootBatchHeader: header, stateRootProof: { index: 0n, siblings: [] } };
      const proof = { ...inclusion, stateTrieWitness: "0x", storageTrieWitness: "0x" };
      await expect(messenger.relayMessageViaChainId(otherChain, target, bridgeOnL2, message, nonce, proof))
        .to.emit(messenger, "FailedRelayedMessage")
        .withArgs(hash);
      await expectNoNeed();
    });

    it("hears nobody but the bridge and the gateway", async () => {
      const { stranger } = world.people;
      await expect(l1Gateway.connect(stranger.l1).transfer(forgedNeed, 1n))
        .to.be.revertedWithCustomError(l1Gateway, "L1Gateway__OnlyBridge")
        .withArgs(stranger.address);
      await expect(lockManager.connect(stranger.l1).raiseNeed(7n, 10n ** 24n))
        .to.be.revertedWithCustomError(lockManager, "LockManager__Unauthorized")
        .withArgs(stranger.address);
    });
  });

  describe("again", () => {
    const replayGas = 500_000n;

    const stateOfMessage = async (number: bigint) => {
      return l2Gateway.hashState(await l2Gateway.messageHash(number, await payloadOf(world, number)));
    };

    const expectUsed = async (number: bigint) => {
      const hash = await l2Gateway.messageHash(number, await payloadOf(world, number));
      await expect(deliver(world, number))
        .to.be.revertedWithCustomError(l2Gateway, "L2Gateway__UsedMessage")
        .withArgs(number, hash);
    };

    it("carries out no message twice, though anyone can send its hash again", async () => {
      await depositOnL1(world, world.people.dave, parseEther("17.000000000000000017"));
      const number = await lockManager.lastMessage();
      await arriveDown(world);
      await deliver(world, number);
      await lockManager.connect(world.people.stranger.l1).resend(number, { value: generousEth });
      await arriveDown(world);
      await expectUsed(number);
      expect(await stakingPool.l1DepositMinted(number)).to.equal(parseEther("17.000000000000000017"));
      await expectTrueLedger(world);
    });

    it("takes no replay of a message that the bridge has carried", async () => {
      const { relayer } = world.protocol;
      const number = await takeReport(world);
      const [message] = await relayer.pendingDown();
      await relayer.deliverDown();
      const replay = await relayer.replayDown(message!, replayGas, world.people.stranger.l1);
      expect((await relayer.executeDown(replay)).type).to.equal("reverted");
      expect(await stateOfMessage(number)).to.equal(hashState.known);
    });

    it("takes the replay of a message that failed", async () => {
      const { relayer } = world.protocol;
      const number = await takeReport(world);
      const [failed] = await relayer.deliverDown(() => true, { gasLimit: 120_000n });
      expect(failed!.type).not.to.equal("relayed");
      const replay = await relayer.replayDown(failed!.message, replayGas, world.people.stranger.l1);
      await relayer.executeDown(replay);
      await deliver(world, number);
      expect((await stakingPool.solvency()).reportNumber).to.equal(number);
    });

    it("sends a hash again that the bridge has used up by a failed deposit", async () => {
      const { relayer } = world.protocol;
      await depositOnL1(world, world.people.dave, parseEther("17.000000000000000017"));
      const number = await lockManager.lastMessage();
      // For a moment the gateway is no token of the bridge: that is what "deposit failed" says.
      const code = await world.l2.provider.getCode(l2Gateway);
      await world.l2.setCode(l2Gateway, "0x00");
      const [failed] = await relayer.deliverDown();
      await world.l2.setCode(l2Gateway, code);
      expect([failed!.type, await stateOfMessage(number)]).to.deep.equal(["relayed", hashState.unknown]);

      await lockManager.connect(world.people.stranger.l1).resend(number, { value: generousEth });
      await arriveDown(world);
      await deliver(world, number);
      expect(await stakingPool.l1DepositMinted(number)).to.equal(parseEther("17.000000000000000017"));
      await expectTrueLedger(world);
    });

    it("cannot send again what was never sent", async () => {
      const next = (await lockManager.lastMessage()) + 1n;
      await expect(lockManager.resend(next, { value: generousEth }))
        .to.be.revertedWithCustomError(lockManager, "LockManager__UnknownMessage")
        .withArgs(next);
    });

    it("hears a need again without harm, and an older one not at all", async () => {
      const { relayer } = world.protocol;
      const { bob, stranger } = world.people;
      const gateway = l2Gateway.connect(stranger.l2);
      await requestRedeem(world, bob, parseEther("9000"));
      await gateway.signalNeed({ value: fee });
      await requestRedeem(world, bob, parseEther("4000"));
      await gateway.signalNeed({ value: fee });
      await relayer.commitUp();
      await world.l1.increase(7 * 86_400 + 60);
      const pending = await relayer.pendingUp();
      await relayer.deliverUp(({ hash }) => hash === pending[1]!.hash);
      const need = await lockManager.need();
      await relayer.deliverUp();
      expect([...(await lockManager.need())]).to.deep.equal([...need]);
      expect([need.number, need.target]).to.deep.equal([2n, await stakingPool.neededFromL1()]);
    });
  });

  describe("reports that a broken bridge could bring", () => {
    const payloadWith = async (
      changes: Partial<Record<"takenAt" | "receivedFromL2" | "sentToL2" | "l1Deposits", bigint>>,
    ) => {
      const s = await stakingPool.solvency();
      const report = {
        takenAt: s.reportTakenAt + 1n,
        receivedFromL2: s.receivedFromL2,
        sentToL2: s.sentToL2,
        l1Deposits: s.l1Deposits,
        ...changes,
      };
      return coder.encode(
        ["uint8", "uint256", "uint256", "int256", "uint256", "uint256", "uint256", "uint256"],
        [
          ...[0, report.takenAt, report.takenAt, s.l1Assets],
          ...[report.receivedFromL2, report.sentToL2, report.l1Deposits, 0n],
        ],
      );
    };

    it("refuses a newer number with an older L1 time", async () => {
      const { reportTakenAt } = await stakingPool.solvency();
      const payload = await payloadWith({ takenAt: reportTakenAt - 1n });
      await makeKnown(forgedNumber, payload);
      await expect(l2Gateway.deliver(forgedNumber, payload))
        .to.be.revertedWithCustomError(stakingPool, "StakingPool__ReportTooOld")
        .withArgs(forgedNumber, reportTakenAt - 1n, reportTakenAt);
    });

    for (const counter of ["receivedFromL2", "l1Deposits"] as const) {
      it(`refuses ${counter} when it fell`, async () => {
        const { [counter]: last } = await stakingPool.solvency();
        const payload = await payloadWith({ [counter]: last - 1n });
        await makeKnown(forgedNumber, payload);
        await expect(l2Gateway.deliver(forgedNumber, payload))
          .to.be.revertedWithCustomError(stakingPool, "StakingPool__CounterFell")
          .withArgs(forgedNumber, last, last - 1n);
      });
    }
  });

  it("refuses a report from more than 3 days ahead, and takes it later", async () => {
    await world.l1.increaseTo((await world.l2.now()) + 3 * 86_400 + 100);
    const number = await takeReport(world);
    await arriveDown(world);
    const takenAt = await world.l1.now();
    await world.l2.setNextBlockTimestamp(takenAt - 3 * 86_400 - 1);
    await expect(deliver(world, number))
      .to.be.revertedWithCustomError(stakingPool, "StakingPool__ReportFromTheFuture")
      .withArgs(number, takenAt, takenAt - 3 * 86_400 - 1);
    await world.l2.setNextBlockTimestamp(takenAt - 3 * 86_400);
    await deliver(world, number);
    expect((await stakingPool.solvency()).reportTakenAt).to.equal(takenAt);
  });

  it("changes the peer on neither side without governance", async () => {
    const { stranger } = world.people;
    await expect(l2Gateway.connect(stranger.l2).setL1Gateway(stranger.address))
      .to.be.revertedWithCustomError(l2Gateway, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
    await expect(l1Gateway.connect(stranger.l1).setL2Gateway(stranger.address))
      .to.be.revertedWithCustomError(l1Gateway, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
  });
});
