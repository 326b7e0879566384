import { brokenPromises } from "./oracle";
import * as model from "./protocol";
import { DAY, HOUR, createProtocol, type Protocol, type Rules } from "./protocol";

const METIS = 10n ** 18n;
const MINUTE = 60n;

/** A sequence that somebody could play, and what it must not bring about. */
export type Attack = (rules: Rules) => readonly string[];

/** Takes a report, lets it arrive after `latency` and delivers it. */
export function exchangeReport(protocol: Protocol, latency = 10n * MINUTE): void {
  model.report(protocol);
  bringReport(protocol, latency);
}

/** 100,003 METIS deposited on Metis; 20,011 METIS deposited on Ethereum, locked in vault 0, minted and reported. */
export function startedProtocol(rules: Rules): Protocol {
  const protocol = createProtocol(rules, 1_800_000_000n);
  model.deposit(protocol, 100_003n * METIS);
  model.depositOnL1(protocol, 20_011n * METIS);
  model.lock(protocol, 0, 20_011n * METIS);
  exchangeReport(protocol);
  model.deliver(protocol, 1);
  return protocol;
}

/** The clock of L2 lags by 4 hours while a ticket is asked for after a loss, and has caught up when the older report arrives. */
export const catchUpClock: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.advance(protocol, DAY);
  model.setLag(protocol, 4n * HOUR);
  model.report(protocol);
  model.advance(protocol, MINUTE);
  model.lose(protocol, 0, 5_003n * METIS);
  model.advance(protocol, MINUTE);
  model.requestRedeem(protocol, 1_009n * METIS);
  model.setLag(protocol, 0n);
  bringReport(protocol, 10n * MINUTE);
  model.rebalance(protocol);
  return brokenPromises(protocol);
};

/** The clock of L2 goes back by 4 hours after a report was applied; a ticket asked for then is older than that report. */
export const turnClockBack: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.advance(protocol, DAY);
  exchangeReport(protocol);
  model.advance(protocol, MINUTE);
  model.lose(protocol, 0, 5_003n * METIS);
  model.advance(protocol, MINUTE);
  model.setLag(protocol, 4n * HOUR);
  model.requestRedeem(protocol, 1_009n * METIS);
  model.rebalance(protocol);
  return brokenPromises(protocol);
};

/** The hash of a report was lost; it is sent again after a loss and vouches for tickets asked for since. */
export const resendLate: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.advance(protocol, DAY);
  model.report(protocol);
  const lost = protocol.l1.messages.length;
  model.loseHash(protocol, 0);
  model.advance(protocol, 2n * HOUR);
  model.report(protocol);
  model.advance(protocol, MINUTE);
  model.arriveHash(protocol, 0);
  model.lose(protocol, 0, 5_003n * METIS);
  model.advance(protocol, MINUTE);
  model.requestRedeem(protocol, 1_009n * METIS);
  model.resend(protocol, lost);
  model.arriveHash(protocol, 0);
  model.deliver(protocol, lost);
  model.deliver(protocol, lost + 1);
  model.rebalance(protocol);
  return brokenPromises(protocol);
};

/** A report is withheld while METIS that it does not know arrives, and is delivered when L2's clock is behind it. */
export const withholdReport: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.advance(protocol, 4n * DAY);
  model.withdraw(protocol, 0, 3_001n * METIS);
  model.report(protocol);
  const older = protocol.l1.messages.length;
  model.advance(protocol, MINUTE);
  model.report(protocol);
  const withheld = protocol.l1.messages.length;
  model.sendDown(protocol, 3_001n * METIS);
  model.arriveDown(protocol, 0);
  while (model.arriveHash(protocol, 0));
  model.setLag(protocol, 5n * HOUR);
  model.bookArrivals(protocol);
  model.deliver(protocol, older);
  model.deliver(protocol, withheld);
  return brokenPromises(protocol);
};

/** LockingPool cannot be read while Metis forces a vault out; its reward arrives and is seen on L1 only days later. */
export const forceOutUnread: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.creditReward(protocol, 0, 101n * METIS);
  exchangeReport(protocol);
  model.setReadable(protocol, 0, false);
  model.forceUnlock(protocol, 0);
  model.arriveDown(protocol, 0);
  model.bookArrivals(protocol);
  for (let day = 0; day < 9; day++) {
    model.advance(protocol, DAY);
    exchangeReport(protocol);
  }
  model.setReadable(protocol, 0, true);
  exchangeReport(protocol);
  return brokenPromises(protocol);
};

/** A loss in a vault that cannot be read: reports go on, and so would finalisation. */
export const loseUnread: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.setReadable(protocol, 0, false);
  model.advance(protocol, MINUTE);
  model.lose(protocol, 0, 5_003n * METIS);
  model.advance(protocol, MINUTE);
  model.requestRedeem(protocol, 1_009n * METIS);
  model.advance(protocol, DAY);
  exchangeReport(protocol);
  model.rebalance(protocol);
  return brokenPromises(protocol);
};

/** All stakers leave before the report of a loss; who stakes afterwards pays for it with the next report. */
export const stakeIntoGap: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.lose(protocol, 0, 5_003n * METIS);
  exchangeReport(protocol);
  model.confirmLoss(protocol);
  model.stake(protocol, 1_009n * METIS);
  exchangeReport(protocol);
  return brokenPromises(protocol);
};

/** All that L1 holds has left it, the last reward with it; the commission on that reward is still owed. */
export const emptyEthereum: Attack = (rules) => {
  const protocol = startedProtocol(rules);
  model.withdraw(protocol, 0, 20_010n * METIS);
  model.sendDown(protocol, 20_010n * METIS);
  model.creditReward(protocol, 0, 101n * METIS);
  model.lose(protocol, 0, METIS);
  model.harvest(protocol, 0, "bridge");
  exchangeReport(protocol);
  return brokenPromises(protocol);
};

function bringReport(protocol: Protocol, latency: bigint): void {
  model.advance(protocol, latency);
  while (model.arriveHash(protocol, 0));
  model.deliver(protocol, protocol.l1.messages.length);
}
