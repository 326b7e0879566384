import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { MaxUint256 } from "ethers";

import type { Chain, ContractOf } from "./chains";

/** What the conformance tests need: a vault in use, whose price is not 1 and may move with time. */
export interface ERC4626Context {
  readonly l2: Chain;
  readonly vault: ContractOf<"SEMetis">;
  readonly asset: ContractOf<"EMetis">;
  /** Holds assets and shares, has approved the vault without limit. */
  readonly holder: HardhatEthersSigner;
  /** Holds assets, has approved nobody. */
  readonly other: HardhatEthersSigner;
  /** Holds neither. */
  readonly receiver: HardhatEthersSigner;
}

const assets = 12_345_678_901_234_567_891n;
const shares = 9_876_543_210_987_654_321n;

/** A strict, synchronous ERC-4626: what was previewed happens, to the wei, and rounding is against the caller. */
export function shouldBehaveLikeERC4626(setUp: () => Promise<ERC4626Context>): void {
  describe("as an ERC-4626", () => {
    let { l2, vault, asset, holder, other, receiver } = {} as ERC4626Context;
    let vaultAddress: string;

    beforeEach(async () => {
      ({ l2, vault, asset, holder, other, receiver } = await setUp());
      vault = vault.connect(holder);
      vaultAddress = await vault.getAddress();
      // Whatever comes next falls into this second, so that views see what it will see.
      await l2.increase(1);
      await l2.setNextBlockTimestamp(await l2.now());
    });

    it("names its asset and has its decimals", async () => {
      expect(await vault.asset()).to.equal(await asset.getAddress());
      expect(await vault.decimals()).to.equal(await asset.decimals());
    });

    it("converts and previews without regard to the caller", async () => {
      const [asHolder, asOther] = [vault, vault.connect(other)];
      for (const view of ["convertToShares", "convertToAssets", "previewDeposit", "previewRedeem"] as const) {
        expect(await asHolder[view](assets)).to.equal(await asOther[view](assets));
      }
    });

    it("converts there and back to no more than it was", async () => {
      expect(await vault.convertToShares(await vault.convertToAssets(shares))).to.be.within(shares - 2n, shares);
      expect(await vault.convertToAssets(await vault.convertToShares(assets))).to.be.within(assets - 2n, assets);
    });

    it("rounds every preview against the caller, by at most a wei", async () => {
      expect(await vault.previewDeposit(assets)).to.equal(await vault.convertToShares(assets));
      expect(await vault.previewRedeem(shares)).to.equal(await vault.convertToAssets(shares));
      expect((await vault.previewMint(shares)) - (await vault.convertToAssets(shares))).to.equal(1n);
      expect((await vault.previewWithdraw(assets)) - (await vault.convertToShares(assets))).to.equal(1n);
    });

    it("previews 0 for 0", async () => {
      for (const view of ["previewDeposit", "previewMint", "previewWithdraw", "previewRedeem"] as const) {
        expect(await vault[view](0n)).to.equal(0n);
      }
    });

    it("previews and converts the same whatever the caller could do", async () => {
      const poor = vault.connect(receiver);
      expect(await poor.previewWithdraw(assets)).to.equal(await vault.previewWithdraw(assets));
      expect(await poor.previewRedeem(shares)).to.equal(await vault.previewRedeem(shares));
    });

    it("deposits and mints without limit while open", async () => {
      expect(await vault.maxDeposit(receiver)).to.equal(MaxUint256);
      expect(await vault.maxMint(receiver)).to.equal(MaxUint256);
    });

    it("lets nobody withdraw what he does not have", async () => {
      expect(await vault.maxWithdraw(receiver)).to.equal(0n);
      expect(await vault.maxRedeem(receiver)).to.equal(0n);
    });

    const flows = [
      { name: "deposit", amount: assets, preview: "previewDeposit", isExit: false, givesAssets: true },
      { name: "mint", amount: shares, preview: "previewMint", isExit: false, givesAssets: false },
      { name: "withdraw", amount: assets, preview: "previewWithdraw", isExit: true, givesAssets: true },
      { name: "redeem", amount: shares, preview: "previewRedeem", isExit: true, givesAssets: false },
    ] as const;

    for (const { name, amount, preview, isExit, givesAssets } of flows) {
      describe(name, () => {
        const act = async (caller = holder, owner = holder) =>
          isExit ? vault.connect(caller)[name](amount, receiver, owner) : vault.connect(caller)[name](amount, receiver);
        const expected = async () => {
          const answer = await vault[preview](amount);
          return givesAssets ? { assets: amount, shares: answer } : { assets: answer, shares: amount };
        };

        it("answers what was previewed", async () => {
          const answer = isExit
            ? await vault[name].staticCall(amount, receiver, holder)
            : await vault[name].staticCall(amount, receiver);
          expect(answer).to.equal(await vault[preview](amount));
        });

        it("moves exactly the assets and the shares that were previewed", async () => {
          const { assets: moved, shares: changed } = await expected();
          const supply = await vault.totalSupply();
          const total = await vault.totalAssets();
          await expect(act()).to.changeTokenBalances(
            asset,
            isExit ? [vaultAddress, receiver, holder] : [holder, vaultAddress, receiver],
            isExit ? [-moved, moved, 0n] : [-moved, moved, 0n],
          );
          const sign = isExit ? -1n : 1n;
          expect(await vault.totalSupply()).to.equal(supply + sign * changed);
          expect(await vault.totalAssets()).to.equal(total + sign * moved);
        });

        it("changes the shares of the one it should", async () => {
          const { shares: changed } = await expected();
          await expect(act()).to.changeTokenBalances(
            vault,
            [holder, receiver],
            isExit ? [-changed, 0n] : [0n, changed],
          );
        });

        it("emits what it moved", async () => {
          const { assets: moved, shares: changed } = await expected();
          const event = isExit ? "Withdraw" : "Deposit";
          const who = isExit ? [holder.address, receiver.address, holder.address] : [holder.address, receiver.address];
          await expect(act())
            .to.emit(vault, event)
            .withArgs(...who, moved, changed);
        });

        if (isExit) {
          it("refuses a stranger without allowance", async () => {
            const { shares: changed } = await expected();
            await expect(act(other))
              .to.be.revertedWithCustomError(vault, "ERC20InsufficientAllowance")
              .withArgs(other.address, 0n, changed);
          });

          it("spends the allowance of the one who calls for the owner", async () => {
            await vault.approve(other, shares * 2n);
            await l2.setNextBlockTimestamp(await l2.now());
            const { shares: changed } = await expected();
            await act(other);
            expect(await vault.allowance(holder, other)).to.equal(shares * 2n - changed);
          });

          it("takes the maximum and leaves no share", async () => {
            const limit = name === "withdraw" ? await vault.maxWithdraw(holder) : await vault.maxRedeem(holder);
            await vault[name](limit, receiver, holder);
            expect(await vault.balanceOf(holder)).to.be.at.most(1n);
          });

          it("refuses a wei above the maximum, naming it", async () => {
            const isWithdraw = name === "withdraw";
            const limit = isWithdraw ? await vault.maxWithdraw(holder) : await vault.maxRedeem(holder);
            await expect(vault[name](limit + 1n, receiver, holder))
              .to.be.revertedWithCustomError(
                vault,
                isWithdraw ? "ERC4626ExceededMaxWithdraw" : "ERC4626ExceededMaxRedeem",
              )
              .withArgs(holder.address, limit + 1n, limit);
          });
        } else {
          it("refuses a caller who has not approved the vault", async () => {
            const { assets: moved } = await expected();
            await expect(act(other))
              .to.be.revertedWithCustomError(asset, "ERC20InsufficientAllowance")
              .withArgs(vaultAddress, 0n, moved);
          });

          it("refuses a caller without the assets", async () => {
            await asset.connect(receiver).approve(vault, MaxUint256);
            await l2.setNextBlockTimestamp(await l2.now());
            const { assets: moved } = await expected();
            await expect(act(receiver))
              .to.be.revertedWithCustomError(asset, "ERC20InsufficientBalance")
              .withArgs(receiver.address, 0n, moved);
          });
        }
      });
    }

    it("gives nothing for going in and out within a second", async () => {
      const before = await asset.balanceOf(holder);
      const gained = await vault.previewDeposit(assets);
      await vault.deposit(assets, holder);
      await l2.setNextBlockTimestamp(await l2.now());
      await vault.redeem(gained, holder, holder);
      expect((await asset.balanceOf(holder)) - before).to.be.within(-2n, 0n);
    });

    it("gives nothing for minting and withdrawing the same within a second", async () => {
      const before = await vault.balanceOf(holder);
      const paid = await vault.previewMint(shares);
      await vault.mint(shares, holder);
      await l2.setNextBlockTimestamp(await l2.now());
      await vault.withdraw(paid, holder, holder);
      expect((await vault.balanceOf(holder)) - before).to.be.within(-2n, 0n);
    });
  });
}
