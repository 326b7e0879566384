import { expect } from "chai";

import { min } from "../../../sdk/src/math/integers";
import * as shares from "../../../sdk/src/math/shares";
import { createFixture } from "../../helpers/chains";
import { type Random, seededRandom } from "../../helpers/random";
import { buildEmptyVault, DAY, storedStream, type VaultFixture } from "../../helpers/tokens";
import * as model from "../../helpers/vaultModel";

type Sent = Promise<{ wait: () => Promise<unknown> }>;
const people = ["alice", "bob", "carol"] as const;
type Person = (typeof people)[number];

/** Drives the vault and its model with the same calls and compares them after each. */
function createDrive(fixture: VaultFixture, random: Random, maxBits: number) {
  const { l2, eMetis, seMetis, pool } = fixture;
  const vault = model.emptyVault();
  for (const person of people) vault.assets.set(person, 5_000n * 10n ** 18n);
  let now = 0n;

  const part = (whole: bigint) => (random.below(4n) === 0n ? whole : random.below(whole + 2n));
  const some = () => random.ofBits(maxBits);

  async function send(act: () => Sent, outcome: model.Outcome): Promise<void> {
    if (outcome.type === "done") await (await act()).wait();
    else await expect(act(), outcome.error).to.be.revertedWithCustomError(errorsOf(outcome.error), outcome.error);
  }
  const errorsOf = (error: string) => (error.startsWith("ERC20") ? eMetis : seMetis);
  const as = (person: Person) => seMetis.connect(fixture[person]);
  const fine: model.Outcome = { type: "done", value: 0n };

  const actions: Record<string, (person: Person) => Promise<void>> = {
    deposit: async (person) => {
      const assets = some();
      const outcome = model.deposit(vault, now, person, assets, false);
      await send(() => as(person).deposit(assets, fixture[person]), outcome);
    },
    depositMinted: async (person) => {
      const assets = some();
      const outcome = model.deposit(vault, now, person, assets, true);
      await send(() => pool.depositMinted(assets, fixture[person]), outcome);
    },
    mint: async (person) => {
      const amount = some();
      const outcome = model.mint(vault, now, person, amount);
      await send(() => as(person).mint(amount, fixture[person]), outcome);
    },
    withdraw: async (person) => {
      const most = shares.convertToAssets(model.heldBy(vault.shares, person), model.priceAt(vault, now));
      const assets = part(most);
      const outcome = model.withdraw(vault, now, person, assets);
      await send(() => as(person).withdraw(assets, fixture[person], fixture[person]), outcome);
    },
    redeem: async (person) => {
      const amount = part(model.heldBy(vault.shares, person));
      const outcome = model.redeem(vault, now, person, amount);
      await send(() => as(person).redeem(amount, fixture[person], fixture[person]), outcome);
    },
    addReward: async () => {
      const [reward, duration] = [some() / 8n, random.between(0n, 30n * DAY)];
      model.addReward(vault, now, reward, duration);
      await send(() => pool.addReward(reward, duration), fine);
    },
    donate: async (person) => {
      const assets = min(some() / 8n, model.heldBy(vault.assets, person));
      vault.donated += assets;
      vault.assets.set(person, model.heldBy(vault.assets, person) - assets);
      await send(() => eMetis.connect(fixture[person]).transfer(seMetis, assets), fine);
    },
    absorbLoss: async () => {
      const all = vault.stream.assets + vault.stream.unvested;
      const loss = random.below(5n) === 0n ? all : random.below(all / 4n + 2n);
      const closedUntil = random.below(3n) === 0n ? now + random.between(1n, DAY) : 0n;
      model.absorbLoss(vault, now, loss, closedUntil);
      await send(() => pool.absorbLoss(loss, closedUntil), fine);
    },
    burnUnvested: async () => {
      const assets = part(vault.stream.unvested);
      model.burnUnvested(vault, now, assets);
      await send(() => pool.burnUnvested(assets), fine);
    },
    reopen: async () => {
      vault.closedUntil = 0n;
      await send(() => pool.reopen(), fine);
    },
  };
  // Those who come and go do so more often than losses happen.
  const names = [
    ...["deposit", "deposit", "deposit", "mint", "mint", "depositMinted", "withdraw", "withdraw", "redeem", "redeem"],
    ...["addReward", "addReward", "donate", "absorbLoss", "burnUnvested", "reopen"],
  ];

  async function compare(step: string): Promise<void> {
    const current = model.currentStream(vault, now);
    expect(await storedStream(seMetis), step).to.deep.equal(vault.stream);
    expect(await seMetis.totalSupply(), step).to.equal(vault.totalSupply);
    expect(await seMetis.totalAssets(), step).to.equal(current.assets);
    expect(await seMetis.unvestedAssets(), step).to.equal(current.unvested);
    const backing = vault.stream.assets + vault.stream.unvested + vault.donated;
    expect(await eMetis.balanceOf(seMetis), step).to.equal(backing);
    for (const person of people) {
      const isOpen = now >= vault.closedUntil;
      const held = model.heldBy(vault.shares, person);
      const worth = shares.convertToAssets(held, model.priceAt(vault, now));
      expect(await seMetis.balanceOf(fixture[person]), step).to.equal(held);
      expect(await eMetis.balanceOf(fixture[person]), step).to.equal(model.heldBy(vault.assets, person));
      expect(await seMetis.maxRedeem(fixture[person]), step).to.equal(isOpen ? held : 0n);
      expect(await seMetis.maxWithdraw(fixture[person]), step).to.equal(isOpen ? worth : 0n);
    }
    expect((await seMetis.maxDeposit(fixture.alice)) > 0n, step).to.equal(model.takesDeposits(vault, now));
  }

  async function checkPreviews(step: string): Promise<void> {
    const price = model.priceAt(vault, now);
    const amount = some() + 1n;
    expect(await seMetis.previewDeposit(amount), step).to.equal(shares.previewDeposit(amount, price));
    expect(await seMetis.previewMint(amount), step).to.equal(shares.previewMint(amount, price));
    expect(await seMetis.previewWithdraw(amount), step).to.equal(shares.previewWithdraw(amount, price));
    expect(await seMetis.previewRedeem(amount), step).to.equal(shares.previewRedeem(amount, price));
    expect(await seMetis.convertToShares(amount), step).to.equal(shares.convertToShares(amount, price));
    expect(await seMetis.convertToAssets(amount), step).to.equal(shares.convertToAssets(amount, price));
  }

  return async function run(steps: number): Promise<Set<string>> {
    const taken = new Set<string>();
    for (let index = 0; index < steps; index++) {
      const [name, person] = [random.pick(names), random.pick(people)];
      const wait = random.pick([0n, 0n, 1n, 77n, 3_600n, DAY, 9n * DAY]);
      now = BigInt(await l2.now()) + wait;
      await l2.setNextBlockTimestamp(Number(now));
      await actions[name]!(person);
      // A transaction that was refused may leave no block behind.
      if (BigInt(await l2.now()) < now) await l2.increaseTo(Number(now));
      const step = `step ${index}: ${name} by ${person} at ${now}`;
      await compare(step);
      await checkPreviews(step);
      taken.add(name);
    }
    return taken;
  };
}

describe("SEMetis in random sequences", () => {
  const fixture = createFixture(buildEmptyVault);

  for (const { size, maxBits, seeds } of [
    { size: "everyday", maxBits: 71, seeds: [11, 12] },
    { size: "share-sized", maxBits: 61, seeds: [21, 22] },
    { size: "wei-sized", maxBits: 6, seeds: [31, 33] },
  ]) {
    for (const seed of seeds) {
      it(`does what the model does with ${size} amounts (seed ${seed})`, async () => {
        const drive = createDrive(await fixture(), seededRandom(seed), maxBits);
        const taken = await drive(80);
        expect(taken.size).to.equal(10);
      });
    }
  }
});
