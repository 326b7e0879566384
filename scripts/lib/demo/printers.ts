/** How the demo shows itself: on a screen for a person, or as one JSON object. */
import { formatEther } from "ethers";

import type { Conservation, LedgerLine } from "./ledger";
import type { World } from "./world";

/** What is known after a stage. */
export interface StageResult {
  readonly ledger: LedgerLine;
  readonly conservation: Conservation;
}

/** Takes what happens and shows it. */
export interface Printer {
  readonly start: () => void;
  readonly stage: (name: string, sentences: readonly string[], result: StageResult) => void;
  readonly end: (world: World, conservation: Conservation) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** What one user put in and got, in wei. */
interface UserResult {
  readonly name: string;
  readonly address: string;
  readonly deposited: bigint;
  readonly received: bigint;
  readonly earned: bigint;
  readonly left: bigint;
}

/** Prints to a screen as the demo goes. */
export function screenPrinter(): Printer {
  const started = Date.now();
  let count = 0;
  return {
    start: () => {
      console.log("eMetis: the whole life of the protocol on two local chains. Amounts in METIS.\n");
    },
    stage: (name, sentences, { ledger, conservation }) => {
      count += 1;
      console.log(`${String(count).padStart(2)}. ${name}`);
      for (const sentence of sentences) console.log(`      ${sentence}`);
      for (const line of ledgerLines(ledger)) console.log(`      ${line}`);
      console.log(`      conservation residual: ${conservation.residual} wei\n`);
    },
    end: async (world, conservation) => {
      printUsers(await resultsOf(world));
      await printFees(world);
      printConservation(conservation);
      printGas(world);
      console.log(`\n${count} stages in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    },
    fail: (error) => {
      console.error("\nThe demo failed:", error);
    },
  };
}

/** Prints one JSON object at the end, also when it failed. Every number of wei is a string. */
export function jsonPrinter(): Printer {
  const stages: { name: string; sentences: readonly string[]; ledger: LedgerLine; residualWei: string }[] = [];
  const print = (value: Record<string, unknown>) => {
    console.log(
      JSON.stringify({ ...value, stages }, (_key, item: unknown) => (typeof item === "bigint" ? String(item) : item)),
    );
  };
  return {
    start: () => undefined,
    stage: (name, sentences, { ledger, conservation }) => {
      stages.push({ name, sentences, ledger, residualWei: String(conservation.residual) });
    },
    end: async (world, conservation) => {
      print({
        ok: conservation.residual === 0n,
        residualWei: String(conservation.residual),
        conservation,
        users: await resultsOf(world),
        gas: Object.fromEntries(world.gas),
      });
    },
    fail: (error) => {
      print({ ok: false, error: error instanceof Error ? error.message : String(error) });
    },
  };
}

function ledgerLines({ l2, l1, holdings }: LedgerLine): readonly string[] {
  const { buffer, pending, totalAssets, totalSupply, stakedAssets, unvested, reportNumber } = l2;
  return [
    `L2  buffer ${short(buffer)} · sent up ${short(l2.sentToL1)} · arrived ${short(l2.receivedFromL1)} · waiting ${short(pending)} · reserved ${short(holdings.queue)} · assets ${short(totalAssets)} / supply ${short(totalSupply)} · staked ${short(stakedAssets)} + ${short(unvested)} unvested · report ${reportNumber}`,
    `L1  locked ${short(holdings.locked)} · rewards ${short(holdings.rewards)} · idle ${short(l1.idle)} · owed ${short(l1.owed)} · arrived ${short(l1.receivedFromL2)} · sent down ${short(l1.sentToL2)} · in flight ${short(holdings.onTheWayUp)} up, ${short(holdings.onTheWayDown)} down`,
  ];
}

async function resultsOf(world: World): Promise<readonly UserResult[]> {
  const { eMetis, seMetis, redemptionQueue } = world.protocol.l2;
  return Promise.all(
    [...world.books.values()].map(async ({ user: { name, address }, deposited, received }) => {
      const staked = await seMetis.convertToAssets(await seMetis.balanceOf(address));
      const left = staked + (await eMetis.balanceOf(address)) + (await redemptionQueue.balanceOf(address));
      return { name, address, deposited, received, earned: received - deposited, left };
    }),
  );
}

function printUsers(users: readonly UserResult[]): void {
  console.log(["user".padEnd(10), ...["put in", "got out", "earned"].map((head) => head.padStart(28))].join(""));
  for (const { name, deposited, received, earned } of users) {
    const columns = [deposited, received, earned].map((assets) => formatEther(assets).padStart(28));
    console.log([name.padEnd(10), ...columns].join(""));
  }
}

async function printFees({ protocol }: World): Promise<void> {
  const { eMetis, seMetis } = protocol.l2;
  const treasury = await eMetis.balanceOf(protocol.actors.treasury);
  const left = (await seMetis.totalAssets()) + (await seMetis.unvestedAssets());
  console.log(
    `\nprotocol fee: ${formatEther(treasury)} eMetis · left in the stream for future stakers: ${formatEther(left)} eMetis`,
  );
}

function printConservation(conservation: Conservation): void {
  const { deposits, rewards, paidToUsers, commission, bridgeFees, held, residual } = conservation;
  console.log("\ndeposits + rewards = paid to users + commission + bridge fees + held");
  console.log(`${formatEther(deposits)} + ${formatEther(rewards)}`);
  console.log(`  = ${[paidToUsers, commission, bridgeFees, held].map((part) => formatEther(part)).join(" + ")}`);
  console.log(`residual: ${residual} wei`);
}

function printGas({ gas }: World): void {
  console.log("\ngas by kind of transaction (first, last, count)");
  for (const [kind, { first, last, count }] of [...gas].sort(([left], [right]) => left.localeCompare(right))) {
    console.log(
      `${kind.padEnd(34)}${String(first).padStart(10)}${String(last).padStart(10)}${String(count).padStart(6)}`,
    );
  }
}

function short(assets: bigint): string {
  return Number(formatEther(assets)).toLocaleString("en-US", { maximumFractionDigits: 3 });
}
