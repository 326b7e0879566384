import { expect } from "chai";
import { type ContractTransactionResponse, parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import { buildVault, DAY, type VaultFixture } from "../../helpers/tokens";

const amount = 1_234_567_891_234_567_891n;

/** What solidity-coverage adds to the code has no place in these numbers. */
const isCoverage = process.argv.includes("coverage");

(isCoverage ? describe.skip : describe)(
  "Gas of whole transactions, everybody holding both tokens before and after",
  () => {
    const fixture = createFixture(buildVault);
    let { alice, bob, eMetis, seMetis, pool } = {} as VaultFixture;
    beforeEach(async () => {
      ({ alice, bob, eMetis, seMetis, pool } = await fixture());
    });

    const ceilings: readonly (readonly [string, number, () => Promise<ContractTransactionResponse>])[] = [
      ["deposit", 64_600, () => seMetis.connect(alice).deposit(amount, alice)],
      ["mint", 65_100, () => seMetis.connect(alice).mint(amount, alice)],
      ["redeem", 63_100, () => seMetis.connect(alice).redeem(amount, alice, alice)],
      ["withdraw", 63_500, () => seMetis.connect(alice).withdraw(amount, alice, alice)],
      ["depositMinted with its mint", 69_000, () => pool.depositMinted(amount, alice)],
      ["transfer of eMetis", 34_700, () => eMetis.connect(alice).transfer(bob, amount)],
      ["transfer of seMetis", 34_700, () => seMetis.connect(alice).transfer(bob, amount)],
      ["addReward with its mint", 54_600, () => pool.addReward(parseEther("1"), 7n * DAY)],
      ["absorbLoss", 53_000, () => pool.absorbLoss(amount, 0n)],
      ["burnUnvested", 52_600, () => pool.burnUnvested(amount)],
    ];
    for (const [name, ceiling, act] of ceilings) {
      it(`${name} takes at most ${ceiling}`, async () => {
        const receipt = await (await act()).wait();
        expect(receipt!.gasUsed).to.be.at.most(BigInt(ceiling));
      });
    }
  },
);
