/** The lines of the screen: what each part of the health is in words. */
import type { SequencerVault } from "../../../sdk/src/reads/readVaults";
import type { Head, Health } from "./health";
import type { Reading } from "./reading";
import { elapsed } from "./samples";
import { unknownParts } from "./samplesOf";
import { rewardRunway } from "./samplesOfL1";
import { feeRatio } from "./samplesOfL2";
import { amountOf, durationOf, timeOf } from "./words";

const column = 12;
const mostVaults = 8;

/** Every part in its line, whatever its state. */
export function rowsOf(health: Health): readonly string[] {
  return [
    ...chainLines(health),
    ...poolLines(health),
    ...queueLines(health),
    ...stopLines(health),
    ...lockLines(health),
    ...bridgeLines(health),
    ...purseLines(health),
  ];
}

function chainLines({ readAt, l1Head, l2Head, l1GasPrice, l2GasPrice, l2BlockTime }: Health): readonly string[] {
  const head = (reading: Health["l1Head"]) =>
    say(reading, ({ blockNumber, timestamp }) => `block ${blockNumber}, ${durationOf(readAt - timestamp)} old`);
  const gas = (reading: Reading<bigint>) => say(reading, (price) => `gas ${amountOf(price * 10n ** 9n, 3)} gwei`);
  const pace = say(l2BlockTime, (seconds) => `a block in ${seconds.toFixed(1)} s`);
  return [
    row("Ethereum", `${head(l1Head)}, ${gas(l1GasPrice)}`),
    row("Metis", `${head(l2Head)}, ${gas(l2GasPrice)}, ${pace}`),
  ];
}

function poolLines({ solvency, queue, reserves, l1Head, l2Head }: Health): readonly string[] {
  const now = { l1: timeAt(l1Head), l2: timeAt(l2Head) };
  const backing = say(solvency, ({ totalAssets, totalSupply, margin }) => {
    return `${amountOf(totalAssets)} METIS behind ${amountOf(totalSupply)} eMetis, margin ${amountOf(margin, 4)}`;
  });
  const places = say(solvency, ({ lines: { buffer, up, l1Assets, down, deposits } }) => {
    const moving = `up ${amountOf(up)}, down ${amountOf(down)}, deposits ${amountOf(deposits)}`;
    return `buffer ${amountOf(buffer)}, Ethereum ${amountOf(l1Assets)}, ${moving}`;
  });
  const report = say(solvency, ({ report: { number, takenAt, appliedAt } }) => {
    if (number === 0n) return "none applied yet";
    return `number ${number}, taken ${agoOf(now.l1, Number(takenAt))}, applied ${agoOf(now.l2, Number(appliedAt))}`;
  });
  const rate = say(queue, ({ redemptionRate }) => amountOf(redemptionRate, 6));
  return [
    row("Backing", backing),
    row("", `rate ${rate}; both chains compared: ${verdictOf(reserves)}`),
    row("METIS", places),
    row("Report", report),
  ];
}

function queueLines({ queue, oldestTicket, l2Head }: Health): readonly string[] {
  const line = say(queue, ({ pending, reserved, neededFromL1 }) => {
    const need = neededFromL1 === 0n ? "needs nothing from Ethereum" : "needs METIS from Ethereum";
    return `${amountOf(pending)} eMetis wait, ${amountOf(reserved)} METIS unclaimed, ${need}`;
  });
  const oldest = say(oldestTicket, (ticket) => {
    if (ticket.type === "none") return "no ticket waits";
    const age = durationSince(timeAt(l2Head), ticket.askedBefore);
    return `the oldest ticket waits for ${ticket.isAtLeast ? "at least " : ""}${age}`;
  });
  return [row("Queue", line), row("", oldest)];
}

function stopLines({ l2Stops, l1Stops, limits, l1Head, l2Head }: Health): readonly string[] {
  const now = { l1: timeAt(l1Head), l2: timeAt(l2Head) };
  const pool = say(l2Stops, ({ pausedUntil, stoppedUntil }) => {
    return `StakingPool ${untilOf(now.l2, pausedUntil)}, exits ${untilOf(now.l2, stoppedUntil, "STOPPED")}`;
  });
  const manager = say(l1Stops, ({ pausedUntil }) => `LockManager ${untilOf(now.l1, pausedUntil)}`);
  const bucket = say(limits, ({ l1DepositLimit, l1DepositsAvailable }) => {
    return `${amountOf(l1DepositsAvailable)} of ${amountOf(l1DepositLimit)} eMetis may be minted now`;
  });
  return [row("Stops", `${pool}; ${manager}`), row("L1 deposits", bucket)];
}

function verdictOf(reserves: Health["reserves"]): string {
  return say(reserves, ({ type, faults }) => [type, ...faults.map(({ message }) => message)].join("; "));
}

function lockLines({ vaults, lockingPool, rewardPayer, l2BlockTime, need, l1Head }: Health): readonly string[] {
  const now = timeAt(l1Head);
  const totals = say(vaults, ({ totals: { l1Assets, idle, withdrawableNow, owed } }) => {
    const free = `idle ${amountOf(idle)}, withdrawable ${amountOf(withdrawableNow)}`;
    return `assets ${amountOf(l1Assets)}, ${free}, owed ${amountOf(owed)}`;
  });
  const wanted = say(need, ({ missing, unreachedSince }) => {
    const since = unreachedSince === 0 ? "" : `, not reached for ${durationSince(now, unreachedSince)}`;
    return missing === 0n ? "no need is open" : `need: ${amountOf(missing)} METIS lack${since}`;
  });
  const pool = say(lockingPool, ({ isPaused, active, inactive, isExitRestricted, exitHeadroom }) => {
    const rule = isExitRestricted ? `${exitHeadroom} may leave now` : "exits are not restricted";
    return `${isPaused ? "PAUSED" : "open"}, ${active} active, ${inactive} leaving, ${rule}`;
  });
  const rewards = say(rewardPayer, (payer) => {
    const runway = l2BlockTime.type === "known" ? rewardRunway(payer, l2BlockTime.value) : undefined;
    const lasts = runway === undefined ? "" : `, enough for ${durationOf(runway)}`;
    return `the payer holds ${amountOf(payer.balance)}, may pay ${amountOf(payer.allowance)} METIS${lasts}`;
  });
  return [
    row("LockManager", totals),
    row("", wanted),
    ...(vaults.type === "known" ? vaultLines(vaults.value.vaults, now) : [row("Vaults", "unknown")]),
    row("LockingPool", pool),
    row("Rewards", rewards),
  ];
}

function vaultLines(vaults: readonly SequencerVault[], now: number | undefined): readonly string[] {
  const shown = vaults.slice(0, mostVaults).map((vault) => row(`vault ${vault.index}`, vaultWords(vault, now)));
  return vaults.length > mostVaults
    ? [...shown, row("", `and ${vaults.length - mostVaults} more: --json shows all`)]
    : shown;
}

function vaultWords(
  { live, phase, principal, reward, isWhitelisted }: SequencerVault,
  now: number | undefined,
): string {
  const listed = isWhitelisted ? "whitelisted" : "NOT WHITELISTED";
  if (live.type === "none") return `no position, ${listed}`;
  if (live.type === "unreadable")
    return `UNREADABLE, last ${phase} with ${amountOf(principal)}, reward ${amountOf(reward)}, ${listed}`;
  const exit = live.phase === "exiting" ? `, exit ends ${whenOf(now, Number(live.exitClaimableAt))}` : "";
  return `${live.phase}, ${amountOf(live.principal)} locked, reward ${amountOf(live.reward)}, ${listed}${exit}`;
}

function bridgeLines({ messages, transitDown, transitUp, l1Fees, l2Fee, solvency, l1Head, l2Head }: Health) {
  const now = { l1: timeAt(l1Head), l2: timeAt(l2Head) };
  const transit = (reading: Health["transitUp"], at: number | undefined) =>
    say(reading, ({ assets, since }) => {
      return `${amountOf(assets)}${since === undefined ? "" : ` since ${durationSince(at, since)}`}`;
    });
  const waiting = say(messages, ({ lastNumber, reports, deposits, depositAssets }) => {
    const oldest = reports[0] === undefined ? "" : ` since ${durationSince(now.l1, reports[0].sentAt)}`;
    const unminted = `${deposits.length} deposits of ${amountOf(depositAssets)} METIS`;
    return `${lastNumber} sent; not applied: ${reports.length} reports${oldest}, ${unminted}`;
  });
  const isTooMuch =
    l2Fee.type === "known" && solvency.type === "known" && feeRatio(l2Fee.value, solvency.value.totalSupply) > 1;
  const fees = say(l1Fees, ({ message, metis }) => {
    return `message ${amountOf(message, 6)} ETH, METIS down ${amountOf(metis, 6)} ETH`;
  });
  const up = `up ${say(l2Fee, (fee) => amountOf(fee, 4))} METIS${isTooMuch ? ", more than the pool pays" : ""}`;
  return [
    row("Messages", waiting),
    row("In transit", `up ${transit(transitUp, now.l2)}, down ${transit(transitDown, now.l1)} METIS`),
    row("Bridge fees", `${fees}, ${up}`),
  ];
}

function purseLines(health: Health): readonly string[] {
  const { keeper, l1Operations, l2Operations, l1Head, l2Head } = health;
  const operations = (reading: Health["l1Operations"], head: Reading<Head>) =>
    say(reading, ({ count, nextAt }) => {
      return `${count}${nextAt === undefined ? "" : `, next ${whenOf(timeAt(head), nextAt)}`}`;
    });
  const purse =
    keeper === undefined ? "none named" : `${coins(keeper.l1)} ETH, ${coins(keeper.l2)} METIS at ${keeper.address}`;
  const scheduled = `${operations(l1Operations, l1Head)} acts on Ethereum, ${operations(l2Operations, l2Head)} on Metis`;
  const missing = unknownParts(health);
  return [
    row("Keeper", purse),
    row("Governance", `scheduled: ${scheduled}`),
    ...(missing.length === 0 ? [] : [row("Unknown", missing.join(", "))]),
  ];
}

function coins(balance: Reading<bigint>): string {
  return say(balance, (wei) => amountOf(wei, 4));
}

function say<T>(reading: Reading<T>, words: (value: T) => string): string {
  return reading.type === "known" ? words(reading.value) : "unknown";
}

function timeAt(head: Health["l1Head"]): number | undefined {
  return head.type === "known" ? head.value.timestamp : undefined;
}

function durationSince(now: number | undefined, start: number): string {
  return now === undefined ? "an unknown time" : durationOf(elapsed(now, start));
}

function agoOf(now: number | undefined, at: number): string {
  return now === undefined ? `at ${timeOf(at)}` : `${durationOf(elapsed(now, at))} ago`;
}

function whenOf(now: number | undefined, at: number): string {
  return now === undefined || at <= now ? `at ${timeOf(at)}` : `in ${durationOf(at - now)}`;
}

function untilOf(now: number | undefined, until: number, closed = "PAUSED"): string {
  if (now === undefined) return until === 0 ? "open" : `${closed} until ${timeOf(until)}`;
  return until <= now ? "open" : `${closed} for ${durationOf(until - now)}`;
}

function row(name: string, text: string): string {
  return `${name.padEnd(column)}${text}`;
}
