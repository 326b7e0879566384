import { payoutAt } from "../math/queue";
import type { ProtocolEvent, QueueEvent } from "./events";
import { expectSame, expectThat, missingBefore } from "./expect";
import { type ReplayState, keptPosition } from "./state";

/**
 * Applies what happens to the line of the queue, after proving that it goes on where the line was.
 *
 * @throws {@link MissingLogsError} when it does not.
 */
export function applyQueue(state: ReplayState, event: ProtocolEvent & QueueEvent): void {
  switch (event.type) {
    case "requested":
      request(state, event);
      return;
    case "finalised":
      finalise(state, event);
      return;
    case "claimed":
      claim(state, event);
  }
}

function request(state: ReplayState, event: ProtocolEvent & { readonly type: "requested" }): void {
  expectSame(event, "requestedUntil before", state.requestedUntil, event.id);
  expectSame(event, "requestedUntil", event.id + event.assets, event.requestedUntil);
  state.requestedUntil = event.requestedUntil;
  state.tickets.set(event.id, { claimedUntil: event.id, end: event.requestedUntil });
  keptPosition(state, event.owner)?.tickets.add(event.id);
}

function finalise(state: ReplayState, event: ProtocolEvent & { readonly type: "finalised" }): void {
  const { from, until, rate, paid } = event;
  expectSame(event, "finalisedUntil", state.finalisedUntil, from);
  expectThat(event, until <= state.requestedUntil, `it goes to ${until}, beyond all requests`);
  if (state.rates.at(-1)?.rate !== rate) {
    state.rates.push({ position: from, payout: payoutAt(state.rates, from), rate });
  }
  expectSame(event, "the payout", payoutAt(state.rates, until) - payoutAt(state.rates, from), paid);
  state.finalisedUntil = until;
}

function claim(state: ReplayState, event: ProtocolEvent & { readonly type: "claimed" }): void {
  const { id, owner, from, until, paid } = event;
  const ticket = state.tickets.get(id);
  if (ticket === undefined) throw missingBefore(event, `nobody asked for ticket ${id}`);
  const position = keptPosition(state, owner);
  expectThat(event, position?.tickets.has(id) ?? true, `ticket ${id} never came to ${owner}`);
  expectSame(event, `claimedUntil of ticket ${id}`, ticket.claimedUntil, from);
  expectThat(event, until <= state.finalisedUntil, `ticket ${id} was paid to ${until}, beyond what is finalised`);
  expectSame(event, "the payment", payoutAt(state.rates, until) - payoutAt(state.rates, from), paid);
  state.handedOut += paid;
  if (until < ticket.end) {
    state.tickets.set(id, { ...ticket, claimedUntil: until });
    return;
  }
  state.tickets.delete(id);
  position?.tickets.delete(id);
}
