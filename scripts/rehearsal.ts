/**
 * The first month on the Metis testnet, played on two fresh local nodes with its chain ids by the same commands that a team runs: deploy (killed and started again), verify,
 * roles, keeper (killed and started again), status. `--seed N` plays another one, `--days N` a longer one, `--kills N` kills the deployment more
 * or less often.
 */
import path from "node:path";
import { parseArgs } from "node:util";

import { rehearse } from "./lib/rehearsal/rehearse";

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { seed, days, kills } = parseArgs({ options: { seed: text, days: text, kills: text } }).values;
  process.chdir(path.join(__dirname, ".."));
  await rehearse({
    seed: numberOf("seed", seed, 1),
    days: numberOf("days", days, 30),
    kills: numberOf("kills", kills, 4),
    print: console.log,
  });
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${name} is "${text ?? ""}": it must be a whole number`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
