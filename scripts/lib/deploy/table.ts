/** A plan as a page for people, at most 120 columns wide. */
import { formatEther, formatUnits } from "ethers";

import type { Layer } from "../../config/localChains";
import type { PlannedStep, PricedPlan } from "./costs";
import type { Prepared } from "./prepare";

const widths = { step: 33, address: 42, nonce: 5, gas: 8, from: 9 } as const;

/** The lines of a plan: its steps, the vaults to be whitelisted, what it costs against what the deployer has, and warnings. */
export function planLines(
  { context, plan, layout, warnings, isBegun }: Prepared,
  priced: PricedPlan,
): readonly string[] {
  const { chains, deployer, setup } = context;
  const origin = isBegun ? `begun at commit ${plan.commit}` : `new, at commit ${plan.commit}`;
  const vaults = layout.vaults.map(
    (vault, index) => `  vault ${index}  ${vault}  operator ${setup.sequencers[index]?.operator ?? ""}`,
  );
  return [
    `${context.network}: deployer ${deployer}, plan ${origin}`,
    ...(["l1", "l2"] as const).map((layer) => {
      const { name, chainId } = chains[layer].settings;
      return `  ${layer.toUpperCase()} ${name}, chain ${chainId}, first nonce ${plan[layer].nonce}`;
    }),
    "",
    row(["STEP", "ADDRESS", "NONCE", "GAS", "FROM", "COST"]),
    ...priced.steps.map((planned) => stepLine(planned, chains[planned.step.layer].settings.coin)),
    "",
    "To be whitelisted in Metis's LockingPool before they can lock:",
    ...(vaults.length === 0 ? ["  no vault: setup.json has no sequencers"] : vaults),
    "",
    ...(["l1", "l2"] as const).flatMap((layer) => billLines(priced, layer, chains[layer].settings.coin)),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map((warning) => `WARNING: ${warning}`)]),
  ];
}

function stepLine(planned: PlannedStep, coin: string): string {
  const { step } = planned;
  const name = `${step.layer.toUpperCase()} ${step.name.replace(/^L[12] /, "")}`;
  const address = step.type === "create" ? step.address : step.type === "call" ? step.to : "";
  const nonce = step.nonce === undefined ? "next" : String(step.nonce);
  if (planned.type === "done") return row([name, address, nonce, "", "", "done"]);
  if (planned.type === "awaited") return row([name, address, "", "", "", "awaited"]);
  const cost = `${Number(formatEther(planned.cost)).toFixed(6)} ${coin}`;
  return row([name, address, nonce, String(planned.gas), planned.gasFrom, cost]);
}

function billLines({ bills }: PricedPlan, layer: Layer, coin: string): readonly string[] {
  const { gas, gasPrice, cost, balance } = bills[layer];
  const price = formatUnits(gasPrice, "gwei");
  const line = `${layer.toUpperCase()}: ${gas} gas at ${price} gwei and fees: ${formatEther(cost)} ${coin}; the deployer has ${formatEther(balance)} ${coin}`;
  // A limit is half above the estimate, and the price may double while it runs.
  const wanted = cost * 3n;
  if (balance >= wanted) return [line];
  return [line, `  NOT ENOUGH to be safe: ${formatEther(wanted)} ${coin} leave room for limits and a price that rises`];
}

function row([step = "", address = "", nonce = "", gas = "", from = "", cost = ""]: readonly string[]): string {
  const cells = [
    step.padEnd(widths.step),
    address.padEnd(widths.address),
    nonce.padStart(widths.nonce),
    gas.padStart(widths.gas),
    from.padEnd(widths.from),
    cost,
  ];
  return cells.join(" ").trimEnd();
}
