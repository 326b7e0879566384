import { nobody } from "../check";
import type { ProtocolEvent, TransferEvent } from "./events";
import { expectThat } from "./expect";
import { type ReplayState, keptPosition } from "./state";

/**
 * Moves eMetis, shares or a ticket between the accounts that the replay keeps. Shares and tickets that are minted or burned come
 * by the events of seMetis and of the queue, which say more.
 *
 * @throws {@link MissingLogsError} when an account gives what it does not have.
 */
export function applyTransfer(state: ReplayState, event: ProtocolEvent & TransferEvent): void {
  const isMintOrBurn = event.from === nobody || event.to === nobody;
  if (event.type === "eMetisMoved") {
    if (event.from === nobody) state.sums.supply += event.assets;
    if (event.to === nobody) state.sums.supply -= event.assets;
    moveAssets(state, event);
  } else if (!isMintOrBurn) {
    if (event.type === "sharesMoved") moveShares(state, event);
    else moveTicket(state, event);
  }
}

function moveAssets(state: ReplayState, event: ProtocolEvent & { readonly type: "eMetisMoved" }): void {
  const from = keptPosition(state, event.from);
  if (from !== undefined) {
    from.eMetis -= event.assets;
    expectThat(event, from.eMetis >= 0n, `${event.from} gave more eMetis than it had`);
  }
  const to = keptPosition(state, event.to);
  if (to !== undefined) to.eMetis += event.assets;
}

function moveShares(state: ReplayState, event: ProtocolEvent & { readonly type: "sharesMoved" }): void {
  const from = keptPosition(state, event.from);
  if (from !== undefined) {
    from.shares -= event.shares;
    expectThat(event, from.shares >= 0n, `${event.from} gave more shares than it had`);
  }
  const to = keptPosition(state, event.to);
  if (to !== undefined) to.shares += event.shares;
}

function moveTicket(state: ReplayState, event: ProtocolEvent & { readonly type: "ticketMoved" }): void {
  expectThat(event, state.tickets.has(event.id), `nobody asked for ticket ${event.id}`);
  const from = keptPosition(state, event.from);
  if (from !== undefined)
    expectThat(event, from.tickets.delete(event.id), `${event.from} never had ticket ${event.id}`);
  keptPosition(state, event.to)?.tickets.add(event.id);
}
