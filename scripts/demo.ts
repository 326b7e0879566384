/**
 * The protocol's whole life on two local chains, with real transactions. Fails when a stage or the conservation of METIS fails.
 * `--json` prints one JSON object instead.
 */
import { type RunningNode, freePort, startNode } from "./lib/nodes";
import { readConservation, readLedger } from "./lib/demo/ledger";
import { type Printer, jsonPrinter, screenPrinter } from "./lib/demo/printers";
import { stages } from "./lib/demo/stages";
import { createWorld } from "./lib/demo/world";

async function main(): Promise<void> {
  const printer = process.argv.includes("--json") ? jsonPrinter() : screenPrinter();
  const nodes: RunningNode[] = [];
  try {
    printer.start();
    nodes.push(...(await Promise.all([startNode("l1", await freePort()), startNode("l2", await freePort())])));
    const isConserved = await live(nodes as [RunningNode, RunningNode], printer);
    if (!isConserved) process.exitCode = 1;
  } catch (error) {
    printer.fail(error);
    process.exitCode = 1;
  } finally {
    await Promise.all(nodes.map(async ({ stop }) => stop()));
  }
}

async function live([l1, l2]: readonly [RunningNode, RunningNode], printer: Printer): Promise<boolean> {
  const world = await createWorld(l1, l2);
  for (const stage of stages) {
    const sentences = await stage.run(world);
    const [ledger, conservation] = [await readLedger(world), await readConservation(world)];
    printer.stage(stage.name, sentences, { ledger, conservation });
    if (conservation.residual !== 0n) throw new Error(`conservation fails by ${conservation.residual} wei`);
  }
  const conservation = await readConservation(world);
  await printer.end(world, conservation);
  return conservation.residual === 0n;
}

void main();
