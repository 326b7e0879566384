/**
 * Checks a setup before anybody deploys with it or runs it: nodes, clock, account, balances, the network's folder, Metis's contracts, the
 * whitelist and roles. Sends nothing. Exits with 0 when there is no fault, 1 when there is one.
 */
import { parseArgs } from "node:util";

import { accountOptions, openAccount } from "./lib/chain/account";
import { renderChecks } from "./lib/doctor/check";
import { examine } from "./lib/doctor/examine";
import { reasonOf } from "./lib/health/reading";
import { networkOptions, selectNetwork } from "./lib/network";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...networkOptions, ...accountOptions } });
  const network = selectNetwork(values, process.env);
  const isGiven = Object.keys(accountOptions).some((name) => Object.hasOwn(values, name));
  const checks = await examine({
    network,
    openAccount: isGiven ? async () => openAccount(values) : undefined,
    now: Math.floor(Date.now() / 1_000),
  });
  console.log(renderChecks(checks));
  if (checks.some(({ verdict }) => verdict === "fault")) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(reasonOf(error));
  process.exitCode = 1;
});
