import {
  MIN_VESTING_SHARES,
  type Stream,
  absorb,
  assetsAtSamePrice,
  book,
  checkpoint,
  postpone,
} from "../math/rewardStream";
import { previewDeposit, previewMint, previewRedeem, previewWithdraw } from "../math/shares";
import type { ProtocolEvent, StakeEvent, StreamEvent } from "./events";
import { expectSame, expectThat } from "./expect";
import { type ReplayState, keptPosition } from "./state";

/**
 * Applies what seMetis says about its stream, after proving that it follows from the stream before.
 *
 * @throws {@link MissingLogsError} when it does not.
 */
export function applyStream(state: ReplayState, event: ProtocolEvent & StreamEvent): void {
  expectThat(event, state.announced === undefined, "a stream was announced and no stake followed");
  if (event.type === "streamUpdated") {
    expectThat(event, event.after.vestedAt >= state.stream.vestedAt, "the stream went back in time");
    state.announced = event.after;
    return;
  }
  const current = streamAt(state, event.after.vestedAt);
  expectStream(event, expectedAfter(event, current), event.after);
  state.stream = event.after;
}

/**
 * Applies a stake or the end of one, with the stream announced before it.
 *
 * @throws {@link MissingLogsError} when stream, shares and assets do not follow from what was before.
 */
export function applyStake(state: ReplayState, event: ProtocolEvent & StakeEvent): void {
  const after = state.announced;
  if (after === undefined) {
    expectThat(event, false, "a stake was not announced by its stream");
    return;
  }
  const current = streamAt(state, after.vestedAt);
  const sign = event.type === "staked" ? 1n : -1n;
  const shares = state.shares + sign * event.shares;
  expectPrice(event, current, state.shares);
  expectStream(event, booked(current, sign * event.assets, state.shares, shares), after);
  const position = keptPosition(state, event.owner);
  if (position !== undefined) {
    position.shares += sign * event.shares;
    expectThat(event, position.shares >= 0n, `${event.owner} unstaked more shares than it had`);
  }
  state.stream = after;
  state.shares = shares;
  state.announced = undefined;
}

/**
 * The stream brought to `time` by the rule of seMetis: below {@link MIN_VESTING_SHARES} nothing vests.
 *
 * @param time - Unix seconds of Metis; an earlier one than the stream's changes nothing.
 * @example
 * streamAt(state, 1_800_000_000n).assets;
 */
export function streamAt({ stream, shares }: Pick<ReplayState, "stream" | "shares">, time: bigint): Stream {
  return shares < MIN_VESTING_SHARES ? postpone(stream, time) : checkpoint(stream, time);
}

/** The stream after a flow of `assets`, as SEMetis books it. */
function booked(current: Stream, assets: bigint, shares: bigint, newShares: bigint): Stream {
  const newAssets = current.assets + assets;
  const isFew = shares < MIN_VESTING_SHARES || newShares < MIN_VESTING_SHARES;
  return book(current, newAssets, isFew ? assetsAtSamePrice(current.assets, shares, newShares) : newAssets);
}

/** How the stream must be after an event that names what it took or gave; the end of rewards is the pool's choice. */
function expectedAfter(event: Exclude<StreamEvent, { type: "streamUpdated" }>, current: Stream): Stream {
  switch (event.type) {
    case "rewardAdded":
      return { ...current, unvested: current.unvested + event.reward + event.donated, endsAt: event.after.endsAt };
    case "lossAbsorbed":
      return absorb(current, event.fromUnvested + event.fromAssets).stream;
    case "unvestedBurned":
      return { ...current, unvested: current.unvested - event.burned };
  }
}

/** The price of a stake, which follows from all shares and assets before it. */
function expectPrice(event: ProtocolEvent & StakeEvent, { assets: totalAssets }: Stream, totalSupply: bigint): void {
  const vault = { totalAssets, totalSupply };
  const { assets, shares } = event;
  const isPriced =
    event.type === "staked"
      ? previewDeposit(assets, vault) === shares || previewMint(shares, vault) === assets
      : previewRedeem(shares, vault) === assets || previewWithdraw(assets, vault) === shares;
  expectThat(event, isPriced, `${shares} shares for ${assets} wei is not the price that the logs make`);
}

function expectStream(event: ProtocolEvent, replayed: Stream, said: Stream): void {
  expectSame(event, "the stream's vestedAt", replayed.vestedAt, said.vestedAt);
  expectSame(event, "the stream's assets", replayed.assets, said.assets);
  expectSame(event, "the stream's unvested", replayed.unvested, said.unvested);
  expectSame(event, "the stream's endsAt", replayed.endsAt, said.endsAt);
}
