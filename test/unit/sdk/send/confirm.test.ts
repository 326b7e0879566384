import { expect } from "chai";
import { type Signer, parseEther } from "ethers";

import { deposit } from "../../../../sdk/src/actions/deposit";
import {
  AbortedError,
  RpcError,
  RpcTimeoutError,
  TransactionFailedError,
  TransactionReplacedError,
  TransactionTimeoutError,
} from "../../../../sdk/src/errors";
import { type SendOptions, type SendProgress, send } from "../../../../sdk/src/send";
import type { Call } from "../../../../sdk/src/types";
import type { ProtocolWorld } from "../../../helpers/protocol";
import { failureOf } from "../../../helpers/sdk/calls";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { addressOf, approvedProtocol } from "../../../helpers/sdk/previews";
import { aborting, browserWallet, forgetfulWallet, hang, withNode, withReceipts } from "../../../helpers/sdk/wallets";

const assets = parseEther("7.000000000000000003");
const fast: SendOptions = { pollingInterval: 5, timeout: 5_000 };

describe("confirm, after send has sent,", function () {
  let world: ProtocolWorld;
  let bob: Signer;
  let call: Call;
  let unhandled: unknown[];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);

  before(() => process.on("unhandledRejection", onUnhandled));
  after(() => process.off("unhandledRejection", onUnhandled));

  beforeEach(async () => {
    unhandled = [];
    world = await approvedProtocol();
    bob = world.people.bob.l2;
    call = deposit(sdkDeployment(world.protocol), { assets, receiver: addressOf(world.people.carol) });
  });

  afterEach(async () => {
    await world.l2.provider.send("evm_setAutomine", [true]);
    // Node reports a rejection that nobody handles after the tasks that are queued.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).to.deep.equal([]);
  });

  const received = () => world.protocol.l2.eMetis.balanceOf(world.people.carol.address);
  const nonce = () => world.l2.provider.getTransactionCount(bob);

  /** Sends while no block is made; `then` is done once the transaction is known. */
  async function sendPending(then: (hash: string) => Promise<unknown>, options: SendOptions = {}) {
    await world.l2.provider.send("evm_setAutomine", [false]);
    let known: Promise<unknown> | undefined;
    const onProgress = (progress: SendProgress) => {
      options.onProgress?.(progress);
      if (progress.type === "sent") known = then(progress.hash);
    };
    try {
      return await send(bob, call, { ...fast, ...options, onProgress });
    } finally {
      await known;
    }
  }

  it("names why it failed when it is mined", async () => {
    const { guardian } = world.people;
    const failure = await failureOf(() =>
      sendPending(async () => {
        const { stakingPool } = world.protocol.l2;
        const gasPrice = 10n * ((await world.l2.provider.getFeeData()).gasPrice ?? 0n);
        await stakingPool.connect(guardian.l2).pause({ gasPrice });
        await world.l2.mine();
      }),
    );
    expect(failure).to.be.instanceOf(TransactionFailedError).and.to.include({ isOutOfGas: false });
    expect(failure).to.have.nested.property("reason.error", "StakingPool__Paused");
    expect(await received()).to.equal(0n);
  });

  it("says that its gas ran out", async () => {
    const little = withNode(bob, { estimateGas: () => Promise.resolve(60_000n) });
    await world.l2.provider.send("evm_setAutomine", [false]);
    const onProgress = ({ type }: SendProgress) => void (type === "sent" && world.l2.mine());
    const failure = await failureOf(() => send(little, call, { ...fast, gasMargin: 0n, onProgress }));
    expect(failure).to.be.instanceOf(TransactionFailedError).and.to.include({ isOutOfGas: true });
  });

  /** What is thrown when the transaction is dropped and `other` is mined in its place, two blocks later. */
  const replacedBy = async (other: object) => {
    const taken = await nonce();
    let hash: string | undefined;
    const failure = await failureOf(() =>
      sendPending(async (dropped) => {
        await world.l2.provider.send("hardhat_dropTransaction", [dropped]);
        await world.l2.mine(2);
        ({ hash } = await bob.sendTransaction({ ...other, nonce: taken }));
        await world.l2.mine(2);
      }),
    );
    expect(failure).to.be.instanceOf(TransactionReplacedError).and.to.include({ nonce: taken });
    expect(failure).to.have.nested.property("replacement.hash", hash);
    return failure;
  };

  it("names another transaction that took its nonce", async () => {
    expect(await replacedBy({ ...call, data: `${call.data.slice(0, -2)}01` })).to.have.nested.property(
      "replacement.isSameCall",
      false,
    );
  });

  it("names the same call at another price that took its nonce", async () => {
    const { gasPrice } = await world.l2.provider.getFeeData();
    const faster = { ...call, gasPrice: 2n * gasPrice!, type: 0 };
    expect(await replacedBy(faster)).to.have.nested.property("replacement.isSameCall", true);
  });

  it("says that it was replaced even when no block shows by what", async () => {
    let isSent = false;
    const taken = await nonce();
    const signer = withNode(bob, {
      getBlock: (tag: unknown) =>
        isSent ? Promise.reject(new Error("pruned")) : world.l2.provider.getBlock(String(tag)),
    });
    await world.l2.provider.send("evm_setAutomine", [false]);
    const onProgress = (progress: SendProgress) => {
      isSent ||= progress.type === "sent";
      if (progress.type === "sent") void replace(progress.hash);
    };
    const replace = async (hash: string) => {
      await world.l2.provider.send("hardhat_dropTransaction", [hash]);
      await bob.sendTransaction({ to: bob, value: 1n, nonce: taken });
      await world.l2.mine();
    };
    const failure = await failureOf(() => send(signer, call, { ...fast, onProgress }));
    expect(failure).to.be.instanceOf(TransactionReplacedError).and.to.include({ replacement: undefined });
  });

  it("gives up when it is dropped and nothing takes its nonce", async () => {
    const drop = (hash: string) => world.l2.provider.send("hardhat_dropTransaction", [hash]);
    const failure = await failureOf(() => sendPending(drop, { patience: 60 }));
    expect(failure).to.be.instanceOf(TransactionTimeoutError).and.to.include({ milliseconds: 60 });
  });

  it("ends by the signal, and the transaction stays sent", async () => {
    const { signal, abort } = aborting();
    const failure = await failureOf(() => sendPending(() => Promise.resolve(setTimeout(abort, 20)), { signal }));
    await world.l2.mine();
    expect(failure).to.be.instanceOf(AbortedError);
    expect(await received()).to.equal(assets);
  });

  it("tolerates a node that fails twice", async () => {
    let failures = 2;
    const { provider } = world.l2;
    const getTransactionReceipt = (hash: string) =>
      failures-- > 0 ? Promise.reject(new Error("502")) : provider.getTransactionReceipt(hash);
    await send(withReceipts(bob, getTransactionReceipt), call, fast);
    expect(failures).to.equal(-1);
  });

  it("names a node that goes on failing", async () => {
    const failure = await failureOf(() =>
      send(
        withReceipts(bob, () => Promise.reject(new Error("502"))),
        call,
        fast,
      ),
    );
    expect(failure).to.be.instanceOf(RpcError).and.to.include({ method: "eth_getTransactionReceipt" });
  });

  it("names a node that hangs", async () => {
    const failure = await failureOf(() => send(withReceipts(bob, hang), call, { ...fast, timeout: 30 }));
    expect(failure).to.be.instanceOf(RpcTimeoutError).and.to.include({ method: "eth_getTransactionReceipt" });
  });

  it("takes a node that lags with receipts for no replacement", async () => {
    let looks = 0;
    const { provider } = world.l2;
    const getTransactionReceipt = (hash: string) =>
      looks++ < 2 ? Promise.resolve(null) : provider.getTransactionReceipt(hash);
    await send(withReceipts(bob, getTransactionReceipt), call, fast);
    expect(await received()).to.equal(assets);
  });

  it("takes a node that shows the transaction in a block, and lags longer with the receipt, for no replacement", async () => {
    let looks = 0;
    const { provider } = world.l2;
    const getTransactionReceipt = (hash: string) =>
      looks++ < 7 ? Promise.resolve(null) : provider.getTransactionReceipt(hash);
    await send(withReceipts(bob, getTransactionReceipt), call, fast);
    expect(await received()).to.equal(assets);
  });

  it("tells the hash, and gives up in time, when the node of a browser's wallet never knows the transaction", async () => {
    const stages: string[] = [];
    const onProgress = ({ type }: SendProgress) => void stages.push(type);
    const wallet = await forgetfulWallet(await bob.getAddress());
    const failure = await failureOf(() => send(wallet, call, { ...fast, patience: 60, onProgress }));
    expect(failure).to.be.instanceOf(TransactionTimeoutError);
    expect(stages).to.deep.equal(["signing", "sent"]);
  });

  it("names what took the nonce of a browser's wallet, which it has from the node", async () => {
    const taken = await nonce();
    const { gasPrice } = await world.l2.provider.getFeeData();
    const wallet = await browserWallet(await bob.getAddress());
    await world.l2.provider.send("evm_setAutomine", [false]);
    const onProgress = (progress: SendProgress) => {
      if (progress.type === "sent") setTimeout(() => void replace(), 50);
    };
    const replace = async () => {
      await bob.sendTransaction({ to: bob, value: 1n, nonce: taken, type: 0, gasPrice: 2n * gasPrice! });
      await world.l2.mine();
    };
    const failure = await failureOf(() => send(wallet, call, { ...fast, onProgress }));
    expect(failure).to.be.instanceOf(TransactionReplacedError).and.to.include({ nonce: taken });
    expect(failure).to.have.nested.property("replacement.isSameCall", false);
  });

  it("waits again when its block is reorganised away, and tells the new one", async () => {
    let looks = 0;
    const { provider } = world.l2;
    const getTransactionReceipt = async (hash: string) => {
      const receipt = await provider.getTransactionReceipt(hash);
      const seen = [Object.create(receipt, { blockHash: { value: "0xlost" } }) as typeof receipt, null];
      return looks < 2 ? seen[looks++]! : receipt;
    };
    const mined: string[] = [];
    const onProgress = (progress: SendProgress) => {
      if (progress.type === "mined") mined.push(progress.receipt.blockHash);
      if (mined.length === 1) setTimeout(() => void world.l2.mine(), 10);
    };
    const options = { ...fast, confirmations: 2, onProgress };
    const { blockHash } = await send(withReceipts(bob, getTransactionReceipt), call, options);
    expect(mined).to.deep.equal(["0xlost", blockHash]);
  });
});
