import { expect } from "chai";

import { replayWithCheckpoints } from "../../../../sdk/src/accounting/checkpoints";
import type { EventBody } from "../../../../sdk/src/accounting/decoders";
import type { TimedEvent } from "../../../../sdk/src/accounting/events";
import { residualOf, rowsOf } from "../../../../sdk/src/accounting/rows";
import { sliceHistory } from "../../../../sdk/src/accounting/slices";
import { emptyState } from "../../../../sdk/src/accounting/state";
import type { Address, Hex } from "../../../../sdk/src/types";

const account: Address = "0x52908400098527886E0F7030069857D2E4169EE7";
const seMetis: Address = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
const redemptionQueue: Address = "0xde709f2102306220921060314715629080e2fb77";
const hashOf = (number: number): Hex => `0x${number.toString(16).padStart(64, "0")}`;

/** The only event of its block and transaction, on Metis. */
const timed = (blockNumber: number, time: bigint | undefined, body: EventBody): TimedEvent => {
  const hash = hashOf(blockNumber);
  const at = { side: "l2", blockNumber, blockHash: hash, transactionHash: hash, index: 0 } as const;
  return { event: { ...body, at }, time };
};

const requested: EventBody = { type: "requested", id: 0n, owner: account, assets: 100n, requestedUntil: 100n };
const atHalf: EventBody = { type: "finalised", from: 0n, until: 100n, rate: 5n * 10n ** 17n, paid: 50n };
const claimed: EventBody = {
  ...{ type: "claimed", id: 0n, owner: account, receiver: account },
  ...{ from: 0n, until: 100n, paid: 50n },
};

const scope = { type: "account", account } as const;

describe("sliceHistory", function () {
  const slicing = {
    ...{ state: emptyState(scope), clock: 0n, account, converters: { seMetis, redemptionQueue } },
    ...{ from: 5n, marks: [] },
  };

  it("books what happens in the last second after the account's own last transaction", function () {
    const events = [timed(1, 10n, requested), timed(2, 10n, atHalf)];
    const { slices, closing } = sliceHistory({ ...slicing, events, to: 10n });
    const [total] = rowsOf(slices, "period");
    expect(total).to.include({ haircuts: -50n, transfersIn: 100n, closing: 50n });
    expect([closing.total, residualOf(total!)]).to.deep.equal([50n, 0n]);
  });
});

describe("replayWithCheckpoints", function () {
  const start = {
    ...{ l1: undefined, l2: { blockNumber: 0, blockHash: hashOf(0) }, clock: 0n, state: emptyState(scope) },
  };
  const heads = {
    l1: { blockNumber: 9, blockHash: hashOf(9) },
    l2: { blockNumber: 9, blockHash: hashOf(9), timestamp: 90n },
  };

  it("gives no checkpoint a clock before a finalisation that is in it, where its second is not known", function () {
    const events = [timed(1, 10n, requested), timed(2, undefined, atHalf), timed(5, 50n, claimed)];
    const { checkpoints } = replayWithCheckpoints(start, events.slice(0, 2), heads);
    const finalised = checkpoints.filter(({ state }) => state.finalisedUntil > 0n);
    expect(finalised.map(({ clock }) => clock)).to.deep.equal([90n]);
    const later = replayWithCheckpoints(start, events, heads).checkpoints;
    expect(later.map(({ clock, state }) => [clock, state.finalisedUntil])).to.deep.equal([[50n, 100n]]);
  });
});
