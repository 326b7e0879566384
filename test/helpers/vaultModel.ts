/** SEMetis once more, in bigint over the SDK's maths, for random sequences to be compared with. */
import { min } from "../../sdk/src/math/integers";
import * as streams from "../../sdk/src/math/rewardStream";
import * as math from "../../sdk/src/math/shares";

/** All that the vault and its holders have. Holders are named as the test likes. */
export interface VaultState {
  stream: streams.Stream;
  totalSupply: bigint;
  /** Wei of eMetis in the vault that were transferred unasked. */
  donated: bigint;
  closedUntil: bigint;
  readonly shares: Map<string, bigint>;
  readonly assets: Map<string, bigint>;
}

/** What a call answers, or the name of the error it reverts with. */
export type Outcome =
  { readonly type: "done"; readonly value: bigint } | { readonly type: "refused"; readonly error: string };

const done = (value: bigint): Outcome => ({ type: "done", value });
const refused = (error: string): Outcome => ({ type: "refused", error });

/** An empty vault. */
export function emptyVault(): VaultState {
  const stream = { assets: 0n, unvested: 0n, vestedAt: 0n, endsAt: 0n };
  return { stream, totalSupply: 0n, donated: 0n, closedUntil: 0n, shares: new Map(), assets: new Map() };
}

/** What `holder` has in `holdings`. */
export function heldBy(holdings: ReadonlyMap<string, bigint>, holder: string): bigint {
  return holdings.get(holder) ?? 0n;
}

function move(holdings: Map<string, bigint>, holder: string, change: bigint): void {
  holdings.set(holder, heldBy(holdings, holder) + change);
}

/** The stream at `now`. */
export function currentStream(vault: VaultState, now: bigint): streams.Stream {
  const step = vault.totalSupply < streams.MIN_VESTING_SHARES ? streams.postpone : streams.checkpoint;
  return step(vault.stream, now);
}

/** What shares stand for at `now`. */
export function priceAt(vault: VaultState, now: bigint): math.Vault {
  return { totalAssets: currentStream(vault, now).assets, totalSupply: vault.totalSupply };
}

/** Whether deposits are taken at `now`. */
export function takesDeposits(vault: VaultState, now: bigint): boolean {
  if (now < vault.closedUntil) return false;
  return currentStream(vault, now).assets > 0n || vault.totalSupply < streams.MIN_VESTING_SHARES;
}

function book(vault: VaultState, now: bigint, assets: bigint, shares: bigint): void {
  const stream = currentStream(vault, now);
  const newSupply = vault.totalSupply + shares;
  const isSmall = min(vault.totalSupply, newSupply) < streams.MIN_VESTING_SHARES;
  const limit = streams.assetsAtSamePrice(stream.assets, vault.totalSupply, newSupply);
  const newAssets = stream.assets + assets;
  vault.stream = streams.book(stream, newAssets, isSmall ? limit : newAssets);
  vault.totalSupply = newSupply;
}

function enter(vault: VaultState, now: bigint, holder: string, assets: bigint, shares: bigint): void {
  book(vault, now, assets, shares);
  move(vault.shares, holder, shares);
}

/** `deposit`, or `depositMinted` when `isMinted`. */
export function deposit(vault: VaultState, now: bigint, holder: string, assets: bigint, isMinted: boolean): Outcome {
  if (!takesDeposits(vault, now)) return refused("ERC4626ExceededMaxDeposit");
  const shares = math.previewDeposit(assets, priceAt(vault, now));
  if (shares === 0n) return refused("SEMetis__NoShares");
  if (!isMinted && assets > heldBy(vault.assets, holder)) return refused("ERC20InsufficientBalance");
  enter(vault, now, holder, assets, shares);
  if (!isMinted) move(vault.assets, holder, -assets);
  return done(shares);
}

/** `mint`. */
export function mint(vault: VaultState, now: bigint, holder: string, shares: bigint): Outcome {
  if (!takesDeposits(vault, now)) return refused("ERC4626ExceededMaxMint");
  const assets = math.previewMint(shares, priceAt(vault, now));
  if (shares === 0n) return refused("SEMetis__NoShares");
  if (assets > heldBy(vault.assets, holder)) return refused("ERC20InsufficientBalance");
  enter(vault, now, holder, assets, shares);
  move(vault.assets, holder, -assets);
  return done(assets);
}

function leave(vault: VaultState, now: bigint, holder: string, assets: bigint, shares: bigint): void {
  book(vault, now, -assets, -shares);
  move(vault.shares, holder, -shares);
  move(vault.assets, holder, assets);
}

/** `withdraw` by the owner to himself. */
export function withdraw(vault: VaultState, now: bigint, holder: string, assets: bigint): Outcome {
  const most = math.convertToAssets(heldBy(vault.shares, holder), priceAt(vault, now));
  if (now < vault.closedUntil || assets > most) return refused("ERC4626ExceededMaxWithdraw");
  const shares = math.previewWithdraw(assets, priceAt(vault, now));
  leave(vault, now, holder, assets, shares);
  return done(shares);
}

/** `redeem` by the owner to himself. */
export function redeem(vault: VaultState, now: bigint, holder: string, shares: bigint): Outcome {
  const isTooMuch = shares > heldBy(vault.shares, holder);
  if (now < vault.closedUntil || isTooMuch) return refused("ERC4626ExceededMaxRedeem");
  const assets = math.previewRedeem(shares, priceAt(vault, now));
  leave(vault, now, holder, assets, shares);
  return done(assets);
}

/** `addReward`, which also takes in what was donated. */
export function addReward(vault: VaultState, now: bigint, reward: bigint, duration: bigint): void {
  vault.stream = streams.add(currentStream(vault, now), reward + vault.donated, duration);
  vault.donated = 0n;
}

/** `absorbLoss`. */
export function absorbLoss(vault: VaultState, now: bigint, loss: bigint, closedUntil: bigint): bigint {
  const { stream, fromUnvested, fromAssets } = streams.absorb(currentStream(vault, now), loss);
  vault.stream = stream;
  if (closedUntil > 0n) vault.closedUntil = closedUntil;
  return fromUnvested + fromAssets;
}

/** `burnUnvested`. */
export function burnUnvested(vault: VaultState, now: bigint, assets: bigint): void {
  const stream = currentStream(vault, now);
  if (assets <= stream.unvested) vault.stream = streams.absorb(stream, assets).stream;
}
