import { expect } from "chai";
import { type TransactionReceipt, getAddress, keccak256 } from "ethers";

import type { Layer } from "../../../../scripts/config/localChains";
import { ForeignNonceError, NotArrivedError, StrangeCodeError } from "../../../../scripts/lib/deploy/errors";
import { readPlanFile } from "../../../../scripts/lib/deploy/planFile";
import { findPower } from "../../../../scripts/lib/deploy/power";
import type { Prepared } from "../../../../scripts/lib/deploy/prepare";
import { recordNames } from "../../../../scripts/lib/deploy/recordNames";
import { powerOf } from "../../../../scripts/lib/deploy/run";
import { type DeployWorld, deployWorld } from "../../../helpers/deployWorld";
import { type Death, Killed, lifeUntil } from "../../../helpers/mortal";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

const layers = ["l1", "l2"] as const;

describe("A deployment that is carried out", () => {
  let world: DeployWorld;
  let prepared: Prepared;
  let end: Awaited<ReturnType<typeof readEnd>>;
  let restore: () => Promise<void>;

  before(async () => {
    world = await deployWorld();
    await world.reset();
    prepared = await world.prepare();
    await world.send(prepared);
    end = await readEnd();
    restore = await world.keep();
  });

  /** Everything that a deployment leaves on the chains and in its folder. */
  const readEnd = async () => {
    const { layout } = prepared;
    const codes: Record<string, string> = {};
    for (const step of layout.steps) {
      if (step.type === "create") codes[step.name] = keccak256(await world[step.layer].provider.getCode(step.address));
    }
    const manager = await world.l1.attach("LockManager", layout.deployment.l1.lockManager);
    const vaults = await Promise.all(layout.vaults.map(async (_, index) => String(await manager.vaultAt(index))));
    const power = await Promise.all(layers.map(async (layer) => findPower(powerOf(prepared, layer))));
    return {
      ...{ codes, vaults, count: await manager.vaultCount(), nonces: await nonces(), power },
      files: await world.files(),
    };
  };

  const nonces = async () => {
    const { address } = world.account;
    return Promise.all(layers.map(async (layer) => world[layer].provider.getTransactionCount(address)));
  };

  describe("to its end", () => {
    beforeEach(async () => {
      await restore();
    });

    it("has every contract where the plan said it would be, with the code that the artifact gives", async () => {
      for (const step of prepared.layout.steps) {
        if (step.type !== "create") continue;
        const code = await world[step.layer].provider.getCode(step.address);
        expect(code, step.name).to.equal(prepared.rehearsal.code.get(step.name));
      }
    });

    it("has every vault where the plan said it would be, as the setup has it", async () => {
      const manager = await world.l1.attach("LockManager", prepared.layout.deployment.l1.lockManager);
      expect(await manager.vaultCount()).to.equal(2n);
      for (const [index, vault] of prepared.layout.vaults.entries()) {
        const { operator, cap, commissionBps, pubkey } = world.setup.sequencers[index]!;
        const found = await manager.vaultAt(index);
        expect([found.vault, found.operator, found.cap, found.commissionBps]).to.deep.equal([
          ...[vault, operator, cap, commissionBps],
        ]);
        expect(found.pubkeyX + found.pubkeyY.slice(2)).to.equal(pubkey);
      }
    });

    it("has sent each step once, and nothing else", () => {
      const counts = layers.map((layer) => {
        return prepared.layout.steps.filter((step) => step.layer === layer && step.type !== "wait").length;
      });
      expect(end.nonces).to.deep.equal(counts);
    });

    it("leaves power to the setup's holders and to nobody else", () => {
      expect(end.power).to.deep.equal([[], []]);
    });

    it("leaves a record of each contract, and none of the smoke test's", () => {
      const names = Object.keys(end.files);
      expect(names).to.have.members([...recordNames.map((name) => `${name}.json`), "plan.json"]);
    });

    it("sends nothing when it is carried out again", async () => {
      await world.send(await world.prepare());
      expect(await readEnd()).to.deep.equal(end);
    });

    it("records where, by which transaction and from what each contract was made", async () => {
      const { l1 } = prepared.layout.deployment;
      const receipt = await creationOf("l1", l1.lockManager);
      expect(end.files["LockManager.json"]).to.deep.include({
        contract: "LockManager",
        chainId: 11_155_111,
        address: l1.lockManager,
        implementation: l1.implementations.lockManager,
        implementationCodeHash: keccak256(await world.l1.provider.getCode(l1.implementations.lockManager)),
        implementationConstructorArgs: [world.metis.metis, world.metis.lockingPool, l1.l1Gateway, l1.vaultBeacon],
        transaction: receipt.hash,
        block: receipt.blockNumber,
        commit: "c0ffee",
        solc: "0.8.28",
        evmVersion: "berlin",
        codeHash: keccak256(await world.l1.provider.getCode(l1.lockManager)),
      });
    });

    it("finds a transaction that its plan has lost in the blocks, and writes the same record", async () => {
      await world.lose((plan) => ({ ...plan, transactions: { l1: {}, l2: {} } }));
      await world.lose("SEMetis");
      await world.send(await world.prepare());
      expect((await world.files())["SEMetis.json"]).to.deep.equal(end.files["SEMetis.json"]);
    });

    it("names a contract of which one byte is another, an immutable's too", async () => {
      const { eMetis, stakingPool } = prepared.layout.deployment.l2;
      const code = await world.l2.provider.getCode(eMetis);
      const other = code.replace(stakingPool.slice(2).toLowerCase(), world.account.address.slice(2).toLowerCase());
      await world.l2.setCode(eMetis, other);
      const error = await rejectionOf(world.send(await world.prepare()));
      expect(error).to.be.instanceOf(StrangeCodeError);
      expect(String(error)).to.include(
        `EMetis: the code at ${eMetis} has hash ${keccak256(other)}, the artifact gives ${keccak256(code)}`,
      );
    });

    const creationOf = async (layer: Layer, address: string): Promise<TransactionReceipt> => {
      const { provider } = world[layer];
      for (let block = await provider.getBlockNumber(); ; block--) {
        const found = await provider.getBlock(block);
        const receipt = await provider.getTransactionReceipt(found!.transactions[0]!);
        if (receipt?.contractAddress !== null && getAddress(receipt!.contractAddress) === address) return receipt!;
      }
    };
  });

  describe("killed and started again", () => {
    beforeEach(async () => {
      await world.reset();
    });

    /** One run that dies at its first transaction. Answers whether it had one. */
    const dies = async (death: Death, isPrepared: boolean, sleep = world.relayer.deliverDown): Promise<boolean> => {
      const life = lifeUntil(death);
      const context = world.context({ l1: life.over(world.l1.provider), l2: life.over(world.l2.provider) });
      const plan = await readPlanFile(context.folder);
      const resumed =
        isPrepared && plan !== undefined ? { ...prepared, context, plan, isBegun: true } : await world.prepare(context);
      const breath = async () => {
        life.breathe();
        await sleep();
      };
      const error = await rejectionOf(world.send(resumed, { sleep: breath }));
      if (error === undefined) return false;
      expect(life.breathe).to.throw(Killed);
      return true;
    };

    for (const death of ["sent", "confirmed"] as const) {
      it(`after each transaction was ${death}, ends as if it never had been`, async () => {
        let deaths = 0;
        // Preparing takes long: every eighth run does it again, the others only read the plan again.
        while (await dies(death, deaths % 8 !== 0)) deaths++;
        expect(deaths).to.equal(prepared.layout.steps.filter(({ type }) => type !== "wait").length);
        expect(await readEnd()).to.deep.equal(end);
      });
    }

    it("with a transaction signed and not sent, signs the same again", async () => {
      expect(await dies("signed", false)).to.equal(true);
      const { transactions } = (await readPlanFile(world.folder()))!;
      expect(Object.keys(transactions.l2)).to.deep.equal(["0"]);
      expect(await nonces()).to.deep.equal([0, 0]);
      expect(await dies("sent", false)).to.equal(true);
      expect(await nonces()).to.deep.equal([0, 1]);
      expect((await readPlanFile(world.folder()))!.transactions).to.deep.equal(transactions);
    });

    it("with a transaction waiting for its block, uses the same nonce and so sends it once", async () => {
      await world.l2.provider.send("evm_setAutomine", [false]);
      try {
        expect(await dies("sent", false)).to.equal(true);
        expect(await nonces()).to.deep.equal([0, 0]);
        const mine = async () => {
          await world.l2.mine();
          return [];
        };
        expect(await dies("confirmed", false, mine)).to.equal(true);
        expect(await nonces()).to.deep.equal([0, 1]);
      } finally {
        await world.l2.provider.send("evm_setAutomine", [true]);
      }
    });
  });

  describe("whose smoke test does not arrive", () => {
    let inVain: unknown;
    let resume: () => Promise<void>;
    const never = async () => Promise.resolve();

    before(async () => {
      await world.reset();
      inVain = await rejectionOf(world.send(await world.prepare(), { patience: 5, sleep: never }));
      resume = await world.keep();
    });

    beforeEach(async () => {
      await resume();
    });

    it("says what to do", () => {
      expect(inVain).to.be.instanceOf(NotArrivedError);
      expect(String(inVain)).to.include("Run the same command later").and.to.include(world.metis.messenger);
    });

    it("sends nothing of the protocol, however often it is tried", async () => {
      expect(await nonces()).to.deep.equal([3, 2]);
      await rejectionOf(world.send(await world.prepare(), { patience: 5, sleep: never }));
      expect(await nonces()).to.deep.equal([3, 2]);
    });

    it("goes on once the message was replayed", async () => {
      const [lost] = await world.relayer.dropDown();
      await world.relayer.replayDown(lost!, 800_000n);
      await world.relayer.deliverDown();
      const life = lifeUntil("confirmed");
      const context = world.context({ l2: life.over(world.l2.provider) });
      await rejectionOf(world.send(await world.prepare(context), { sleep: never }));
      expect(await nonces()).to.deep.equal([3, 3]);
      expect(await world.l2.provider.getCode(prepared.layout.deployment.l2.accessManager)).not.to.equal("0x");
    });

    it("tells in a line what it waits for", async () => {
      const lines: string[] = [];
      const again = await world.prepare();
      await rejectionOf(world.send(again, { patience: 1, sleep: never, log: (line) => lines.push(line) }));
      expect(lines).to.deep.equal([
        "smoke message arrives: waiting for Metis, 0 s so far. It may be stopped and run again.",
      ]);
    });

    it("sends nothing once its key was used for something else, and names it", async () => {
      await useKey();
      await world.relayer.deliverDown();
      const error = await rejectionOf(world.send(await world.prepare()));
      expect(error).to.be.instanceOf(ForeignNonceError);
      expect(String(error)).to.include(
        `L2AccessManager has nonce 2 of ${world.account.address} on L2, which is at 3: a transaction that is not of this plan used it up`,
      );
      expect(await nonces()).to.deep.equal([3, 3]);
    });

    it("begins anew at other addresses when told so, and keeps the old plan", async () => {
      await useKey();
      const old = await world.files();
      const anew = await world.prepare(world.context(), { isRestart: true });
      await rejectionOf(world.send(anew, { patience: 1, sleep: never }));
      expect((await world.files())["plan.1.json"]).to.deep.equal(old["plan.json"]);
      expect((await readPlanFile(world.folder()))!.l2.nonce).to.equal(3);
      expect(anew.layout.deployment.l2.eMetis).not.to.equal(prepared.layout.deployment.l2.eMetis);
      expect(await nonces()).to.deep.equal([6, 5]);
    });

    /** Somebody sends with the deployer's key. */
    const useKey = async () => {
      const { account, l2 } = world;
      const chainId = l2.chainId;
      const request = { type: 0, chainId, nonce: 2, gasPrice: 10n ** 10n, gasLimit: 21_000n, to: account.address };
      await l2.provider.broadcastTransaction(await account.signTransaction(request));
    };
  });
});
