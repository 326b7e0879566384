/** The rehearsal's acts, one after the other. */
import path from "node:path";

import type { World } from "../demo/world";
import { formatEther } from "ethers";

import { type Random, seededRandom } from "../random";
import { attach } from "./attach";
import { type Outcome, type Running, run, start } from "./command";
import { type KeeperProcess, startKeeper } from "./keeperProcess";
import { type MonthResult, liveMonth } from "./month";
import { type Stage, places, setStage, signerOf } from "./stage";

/** What is rehearsed, and where it is told. */
export interface RehearsalOptions {
  /** Decides where commands are killed, and what people do. */
  readonly seed: number;
  readonly days: number;
  /** How often the deployment is killed. */
  readonly kills: number;
  readonly print: (line: string) => void;
}

/** Transactions between two kills at most. */
const greatestGap = 9n;
/** Milliseconds between two rounds of the relayer while a command waits for the bridge. */
const relayInterval = 300;

/** Kills a command when so many transactions have come through, before or after it hears of the last one. */
interface Assassin {
  victim: Running | undefined;
  left: number;
  isAnswered: boolean;
}

/**
 * Plays it.
 *
 * @throws Error with what failed.
 */
export async function rehearse({ seed, days, kills, print }: RehearsalOptions): Promise<void> {
  const random = seededRandom(seed);
  const began = Date.now();
  const assassin: Assassin = { victim: undefined, left: 0, isAnswered: true };
  const stage = await setStage(() => Promise.resolve(strike(assassin)));
  const say = (line: string) => {
    print(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`);
  };
  try {
    say(`two nodes with the chain ids of Sepolia and Metis Sepolia are up (seed ${seed})`);
    const sent = await deploy(stage, { kills, random, assassin, say });
    const world = await attach(stage, path.join(stage.deployments, "metis-sepolia"));
    await checkDeployment(stage, sent, say);
    await whitelist(world);
    const result = await month(stage, world, { days, random, say });
    await endWell(stage, { result, print, say });
    say("the rehearsal is over");
  } finally {
    await stage.close();
  }
}

function strike(assassin: Assassin): boolean {
  const { victim } = assassin;
  if (victim === undefined) return true;
  assassin.left -= 1;
  if (assassin.left > 0) return true;
  assassin.victim = undefined;
  victim.kill();
  return assassin.isAnswered;
}

interface DeployTools {
  readonly kills: number;
  readonly random: Random;
  readonly assassin: Assassin;
  readonly say: (line: string) => void;
}

/** Plans, then deploys by as many processes as it takes. Returns the number of transactions. */
async function deploy(stage: Stage, { kills, random, assassin, say }: DeployTools): Promise<number> {
  const { parameters, environment, relayer } = stage;
  const command = [...parameters, ...signerOf(stage, "deployer")];
  await run("deploy", command, environment);
  const before = await nonces(stage);
  if (before !== 0) throw new Error(`the plan alone sent ${before} transactions`);
  say("deploy: the plan is made, and nothing was sent");

  const stopping = new AbortController();
  const relaying = relayUntil(relayer, stopping.signal);
  for (let killed = 0; ;) {
    const running = start("deploy", [...command, "--send"], environment);
    const gap = Number(random.between(1n, greatestGap));
    const isAnswered = random.below(2n) === 0n;
    if (killed < kills) Object.assign(assassin, { victim: running, left: gap, isAnswered });
    const { code, output } = await running.ended;
    if (code === 0) break;
    if (killed === kills || assassin.victim !== undefined)
      throw new Error(`deploy ended with ${code ?? "a signal"}:\n${output}`);
    killed++;
    say(
      `deploy: killed after ${gap} transactions, ${isAnswered ? "the last one known" : "the last one unknown"} to it`,
    );
  }
  stopping.abort();
  await relaying;
  assassin.victim = undefined;
  const sent = await nonces(stage);
  say(`deploy: whole after ${kills} kills, ${sent} transactions`);
  return sent;
}

async function relayUntil(relayer: Stage["relayer"], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await relayer.relayAll();
    await sleep(relayInterval);
  }
}

/** Transactions that the deployer has sent, on both chains. */
async function nonces({ l1, l2 }: Stage): Promise<number> {
  const { address } = await l1.provider.getSigner(places.deployer);
  return (await l1.provider.getTransactionCount(address)) + (await l2.provider.getTransactionCount(address));
}

async function checkDeployment(stage: Stage, sent: number, say: (line: string) => void): Promise<void> {
  const { parameters, environment } = stage;
  await run("deploy", [...parameters, ...signerOf(stage, "deployer"), "--send"], environment);
  const again = (await nonces(stage)) - sent;
  if (again !== 0) throw new Error(`a deployment that was whole sent ${again} more transactions`);
  say("deploy: started once more, it sends nothing");
  const verified = await run("verify", parameters, environment);
  say(`verify: ${lastLine(verified)}`);
  await run("roles", parameters, environment);
  say("roles: read from both chains");
}

/** What Metis does after our request. */
async function whitelist({ protocol }: World): Promise<void> {
  for (const { vault } of protocol.sequencers) await (await protocol.l1.lockingPool.setWhitelist(vault, true)).wait();
}

interface MonthTools {
  readonly days: number;
  readonly random: Random;
  readonly say: (line: string) => void;
}

async function month(stage: Stage, world: World, { days, random, say }: MonthTools): Promise<MonthResult> {
  const parameters = [...stage.parameters, ...signerOf(stage, "keeper"), "--send", "--interval", "0.5"];
  const keeper = startKeeper(parameters, stage.environment);
  try {
    await keeper.passCycle();
    say("keeper: runs");
    const onDay = (day: number) => {
      if (day % 10 === 0) say(`day ${day}`);
    };
    const result = await liveMonth(world, keeper, { days, random, onDay });
    say(describe(result, keeper));
    return result;
  } finally {
    await keeper.stop();
  }
}

function describe(result: MonthResult, keeper: KeeperProcess): string {
  const turned = [...keeper.done()].sort().map(([action, count]) => `${action} ${count}`);
  return [
    `${result.days} days: ${result.deposits} deposits, ${formatEther(result.rewards)} METIS of rewards, ${result.tickets} tickets, ${result.paid} paid whole`,
    `longest wait ${hours(result.longestWait)}, oldest report ${hours(result.oldestReport)}, keeper killed ${result.keeperKills} times; METIS conserved to the wei`,
    `keeper's transactions: ${turned.join(", ")}`,
  ].join("\n        ");
}

async function endWell(
  { parameters, environment }: Stage,
  {
    result,
    print,
    say,
  }: { readonly result: MonthResult; readonly print: (line: string) => void; readonly say: (line: string) => void },
): Promise<void> {
  const verified = await run("verify", parameters, environment);
  say(`verify, ${result.days} days later: ${lastLine(verified)}`);
  const { code, output } = await statusOf(parameters, environment);
  print(output);
  if (code === null || code > 1) throw new Error(`status ended with ${code ?? "a signal"}`);
}

async function statusOf(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return start("status", parameters, environment).ended;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

function hours(seconds: number): string {
  return `${(seconds / 3_600).toFixed(1)} h`;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
