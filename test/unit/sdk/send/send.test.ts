import { expect } from "chai";
import { HDNodeWallet, type Signer, parseEther } from "ethers";

import { deposit } from "../../../../sdk/src/actions/deposit";
import { redeemInstant } from "../../../../sdk/src/actions/redeemInstant";
import { sync } from "../../../../sdk/src/actions/sync";
import type { Deployment } from "../../../../sdk/src/deployments";
import {
  AbortedError,
  InsufficientFundsError,
  ParameterError,
  RevertError,
  RpcAnswerError,
  RpcError,
  RpcTimeoutError,
  SignerChainError,
  UserRejectedError,
} from "../../../../sdk/src/errors";
import { type SendOptions, type SendProgress, send } from "../../../../sdk/src/send";
import type { Call } from "../../../../sdk/src/types";
import type { ProtocolWorld } from "../../../helpers/protocol";
import { failureOf } from "../../../helpers/sdk/calls";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { addressOf, approvedProtocol } from "../../../helpers/sdk/previews";
import { aborting, browserWallet, hang, withNode, withSigning } from "../../../helpers/sdk/wallets";

const assets = parseEther("7.000000000000000003");
const fast: SendOptions = { pollingInterval: 5, timeout: 5_000 };

describe("send", function () {
  let world: ProtocolWorld;
  let deployment: Deployment;
  let bob: Signer;
  let call: Call;
  let unhandled: unknown[];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);

  before(() => process.on("unhandledRejection", onUnhandled));
  after(() => process.off("unhandledRejection", onUnhandled));

  beforeEach(async () => {
    unhandled = [];
    world = await approvedProtocol();
    deployment = sdkDeployment(world.protocol);
    bob = world.people.bob.l2;
    call = deposit(deployment, { assets, receiver: addressOf(world.people.carol) });
  });

  afterEach(async () => {
    await world.l2.provider.send("evm_setAutomine", [true]);
    // Node reports a rejection that nobody handles after the tasks that are queued.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).to.deep.equal([]);
  });

  const received = () => world.protocol.l2.eMetis.balanceOf(world.people.carol.address);
  const nonce = () => world.l2.provider.getTransactionCount(bob);

  describe("to a chain", () => {
    it("without a base fee sends a legacy transaction at the node's gas price", async () => {
      const { hash } = await send(bob, call, fast);
      const { gasPrice } = await world.l2.provider.getFeeData();
      expect(await world.l2.provider.getTransaction(hash)).to.include({ type: 0, gasPrice });
      expect(await received()).to.equal(assets);
    });

    it("with a base fee sends the node's fee data", async () => {
      const { maxFeePerGas, maxPriorityFeePerGas } = await world.l1.provider.getFeeData();
      const { hash } = await send(world.people.bob.l1, sync(deployment), fast);
      const expected = { type: 2, maxFeePerGas, maxPriorityFeePerGas };
      expect(await world.l1.provider.getTransaction(hash)).to.include(expected);
    });

    it("adds half of the estimated gas, or what it is told", async () => {
      const estimate = await bob.estimateGas(call);
      const limits: bigint[] = [];
      for (const options of [fast, { ...fast, gasMargin: 0n }, { ...fast, gasMargin: 300n }]) {
        const snapshot = await world.l2.snapshot();
        const { hash } = await send(bob, call, options);
        limits.push((await world.l2.provider.getTransaction(hash))!.gasLimit);
        await snapshot.restore();
      }
      expect(limits).to.deep.equal([(estimate * 3n) / 2n, estimate, estimate * 4n]);
    });

    it("tells the stages in order", async () => {
      const stages: SendProgress[] = [];
      const receipt = await send(bob, call, { ...fast, onProgress: (progress) => stages.push(progress) });
      const { hash } = receipt;
      expect(stages.map(({ type }) => type)).to.deep.equal(["signing", "sent", "mined", "confirmed"]);
      expect(stages[1]).to.deep.equal({ type: "sent", hash });
      expect(stages[3]).to.deep.equal({ type: "confirmed", hash, receipt });
    });

    it("waits for as many blocks as it is told", async () => {
      const stages: string[] = [];
      const onProgress = ({ type }: SendProgress) => {
        stages.push(`${type} ${type === "mined" ? "" : ""}`.trim());
        if (type === "mined") setTimeout(() => void world.l2.mine(2), 30);
      };
      const { blockNumber } = await send(bob, call, { ...fast, confirmations: 3, onProgress });
      expect((await world.l2.provider.getBlockNumber()) - blockNumber).to.equal(2);
    });

    it("works with a wallet of its own key", async () => {
      const phrase = "test test test test test test test test test test test junk";
      const path = `m/44'/60'/0'/0/${world.l2.signers.findIndex(({ address }) => address === world.people.bob.address)}`;
      const wallet = HDNodeWallet.fromPhrase(phrase, undefined, path).connect(world.l2.provider);
      await send(wallet, call, fast);
      expect(await received()).to.equal(assets);
    });

    it("works with a wallet in a browser", async () => {
      await send(await browserWallet(await bob.getAddress()), call, fast);
      expect(await received()).to.equal(assets);
    });
  });

  describe("before anything is sent", () => {
    /** What `send` refuses with; nothing may have left. */
    const refusal = async (signer: Signer, refused: Call = call, options: SendOptions = {}): Promise<unknown> => {
      const before = await nonce();
      const failure = await failureOf(() => send(signer, refused, { ...fast, ...options }));
      expect(await nonce()).to.equal(before);
      return failure;
    };

    it("names the contract's error of a call that would revert", async () => {
      const instant = redeemInstant(deployment, { assets, minOut: assets, receiver: addressOf(world.people.bob) });
      const failure = await refusal(bob, instant);
      expect(failure).to.be.instanceOf(RevertError).and.to.include({ error: "StakingPool__TooLittleOut" });
      expect(failure).to.have.nested.property("args.minOut", assets);
    });

    it("refuses a signer on another chain", async () => {
      const failure = await refusal(bob, sync(deployment));
      const chains = { expected: deployment.l1.chainId, actual: deployment.l2.chainId };
      expect(failure).to.be.instanceOf(SignerChainError).and.to.include(chains);
    });

    it("refuses a signer without a provider", async () => {
      const failure = await refusal(HDNodeWallet.createRandom());
      expect(failure).to.be.instanceOf(ParameterError).and.to.include({ parameter: "signer" });
    });

    it("says what an account lacks for the value", async () => {
      await world.l2.setBalance(world.people.bob.address, assets - 1n);
      const failure = await refusal(bob);
      expect(failure)
        .to.be.instanceOf(InsufficientFundsError)
        .and.to.include({ available: assets - 1n });
      expect(failure).to.have.property("needed").that.is.a("bigint").and.is.greaterThan(assets);
    });

    it("says what an account lacks for the gas", async () => {
      await world.l2.setBalance(world.people.bob.address, assets + 1n);
      const unasked = withSigning(bob, () => Promise.reject(new Error("asked")));
      const failure = await refusal(unasked);
      expect(failure)
        .to.be.instanceOf(InsufficientFundsError)
        .and.to.include({ available: assets + 1n });
    });

    for (const [name, refused] of [
      ["EIP-1193's code", { code: 4001 }],
      ["ethers' code", { code: "ACTION_REJECTED" }],
      ["a nested code", { info: { error: { code: 4001 } } }],
    ] as const) {
      it(`knows the user's refusal by ${name}`, async () => {
        const signer = withSigning(bob, () => Promise.reject(Object.assign(new Error("no"), refused)));
        expect(await refusal(signer)).to.be.instanceOf(UserRejectedError);
      });
    }

    it("knows the user's refusal in a browser", async () => {
      const signer = await browserWallet(await bob.getAddress(), { code: 4001 });
      expect(await refusal(signer)).to.be.instanceOf(UserRejectedError);
    });

    it("knows an account that was emptied while the user read", async () => {
      const error = Object.assign(new Error("insufficient funds for gas * price + value"), { code: -32_000 });
      const failure = await refusal(withSigning(bob, () => Promise.reject(error)));
      expect(failure).to.be.instanceOf(InsufficientFundsError);
    });

    it("names a wallet that fails in a way of its own", async () => {
      const failure = await refusal(withSigning(bob, () => Promise.reject(new Error("firmware"))));
      expect(failure)
        .to.be.instanceOf(RpcError)
        .and.to.include({ side: `chain ${deployment.l2.chainId}` });
      expect(failure).to.have.property("message").that.includes("firmware").and.includes("may have been sent");
    });

    it("ends when the node hangs at the balance of an account that was emptied, and keeps the wallet's reason", async () => {
      const error = new Error("insufficient funds for gas * price + value");
      let asked = 0;
      const getBalance = () => (asked++ === 0 ? world.l2.provider.getBalance(bob) : hang());
      const signer = withNode(
        withSigning(bob, () => Promise.reject(error)),
        { getBalance },
      );
      const failure = await refusal(signer, call, { timeout: 30 });
      expect(failure).to.be.instanceOf(RpcError).and.to.include({ cause: error });
    });

    it("does not ask the wallet when it is aborted while the stage is told", async () => {
      const { signal, abort } = aborting();
      let isAsked = false;
      const signer = withSigning(bob, () => {
        isAsked = true;
        return Promise.reject(new Error("asked"));
      });
      expect(await refusal(signer, call, { signal, onProgress: abort })).to.be.instanceOf(AbortedError);
      expect(isAsked).to.equal(false);
    });

    for (const [parameter, options] of [
      ["gasMargin", { gasMargin: -1n }],
      ["confirmations", { confirmations: 0 }],
      ["confirmations", { confirmations: 1.5 }],
      ["pollingInterval", { pollingInterval: 0 }],
      ["patience", { patience: Number.NaN }],
    ] as const) {
      it(`refuses ${parameter} ${String(Object.values(options)[0])}`, async () => {
        const failure = await refusal(bob, call, options);
        expect(failure).to.be.instanceOf(ParameterError).and.to.include({ parameter });
      });
    }

    const methods = [
      ["getNetwork", "eth_chainId"],
      ["getFeeData", "eth_gasPrice"],
      ["getBalance", "eth_getBalance"],
      ["getBlockNumber", "eth_blockNumber"],
      ["estimateGas", "eth_estimateGas"],
    ] as const;
    for (const [name, method] of methods) {
      it(`names ${method} when the node fails at it`, async () => {
        const signer = withNode(bob, { [name]: () => Promise.reject(new Error("502 Bad Gateway")) });
        expect(await refusal(signer))
          .to.be.instanceOf(RpcError)
          .and.to.include({ method });
      });

      it(`names ${method} when the node hangs at it`, async () => {
        const failure = await refusal(withNode(bob, { [name]: hang }), call, { timeout: 30 });
        expect(failure).to.be.instanceOf(RpcTimeoutError).and.to.include({ method, milliseconds: 30 });
      });

      it(`ends by the signal while the node hangs at ${method}`, async () => {
        const { signal, ...controller } = aborting();
        setTimeout(controller.abort, 20);
        expect(await refusal(withNode(bob, { [name]: hang }), call, { signal })).to.be.instanceOf(AbortedError);
      });
    }

    it("refuses a node that gives no price", async () => {
      const fees = { gasPrice: null, maxFeePerGas: null, maxPriorityFeePerGas: null };
      const failure = await refusal(withNode(bob, { getFeeData: () => Promise.resolve(fees) }));
      expect(failure).to.be.instanceOf(RpcAnswerError).and.to.include({ method: "eth_gasPrice" });
    });

    it("does nothing when it was aborted before", async () => {
      const { signal, abort } = aborting();
      abort();
      const signer = withNode(bob, { getNetwork: () => Promise.reject(new Error("asked")) });
      expect(await refusal(signer, call, { signal })).to.be.instanceOf(AbortedError);
    });

    it("ends by the signal while the user thinks, and stays calm when the wallet fails later", async () => {
      const { signal, abort } = aborting();
      let reject: (error: Error) => void = () => undefined;
      const thinking = withSigning(bob, () => new Promise((_resolve, fail) => (reject = fail)));
      const onProgress = () => setTimeout(abort, 10);
      expect(await refusal(thinking, call, { signal, onProgress })).to.be.instanceOf(AbortedError);
      reject(new Error("closed"));
    });
  });
});
